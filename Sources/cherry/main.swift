print("cherry")
