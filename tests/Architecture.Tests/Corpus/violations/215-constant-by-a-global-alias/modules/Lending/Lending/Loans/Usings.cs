global using ShelfCopy = ModularMonolith.Shelves.Copies.Copy;
