import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeQR } from "./qr";

function draw(text: string): string[] {
  return (encodeQR(text) ?? []).map((line) => line.map((module) => (module ? "#" : ".")).join(""));
}

test("A text that fits takes the smallest version", () => {
  assert.equal(draw("CHERRY").length, 21);
  assert.equal(draw("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345-6789-ABCD").length, 29);
  assert.equal(draw("x".repeat(106)).length, 41);
  assert.equal(encodeQR("x".repeat(107)), null);
});

test("The patterns that a reader looks for are in their places", () => {
  const code = draw("CHERRY");
  const finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"];
  finder.forEach((line, row) => {
    assert.equal(code[row]?.slice(0, 7), line);
    assert.equal(code[row]?.slice(14), line);
    assert.equal(code[14 + row]?.slice(0, 7), line);
  });
  assert.equal(code[6]?.slice(8, 13), "#.#.#");
});

test("A known text gives the known code, which independent readers decode", () => {
  assert.deepEqual(draw("CHERRY"), [
    "#######...##..#######",
    "#.....#.#..#..#.....#",
    "#.###.#....#..#.###.#",
    "#.###.#..#.##.#.###.#",
    "#.###.#.##..#.#.###.#",
    "#.....#.....#.#.....#",
    "#######.#.#.#.#######",
    ".........####........",
    "#.#.#.#....#....#..#.",
    ".#.#.#.####...#......",
    "#.##.##.#...#...####.",
    "##.##.....#...#..#.##",
    "#..#..##.#..#.#.#...#",
    "........##.#.#.#.#.##",
    "#######...##.###.#..#",
    "#.....#...####.###..#",
    "#.###.#.#.##.###.#..#",
    "#.###.#...#...##.###.",
    "#.###.#.#.#.#...#.#.#",
    "#.....#.......##...##",
    "#######.##..#.#.#.#.#",
  ]);
});
