namespace ModularMonolith.Shelves.Copies;

public sealed class ShelfCard; // finds: module-types-are-internal "is public"
