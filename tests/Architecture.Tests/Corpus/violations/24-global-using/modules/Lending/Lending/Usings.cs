global using ModularMonolith.Shelves.Copies;
