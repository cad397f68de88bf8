print("barback")
