/// The connection broke while a body was read: there is nobody to answer.
struct BrokenBody: Error {
    let underlying: any Error
}
