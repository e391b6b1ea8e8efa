global using static ModularMonolith.Shelves.Copies.Copy;
