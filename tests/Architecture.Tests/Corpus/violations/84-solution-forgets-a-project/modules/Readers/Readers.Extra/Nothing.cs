namespace ModularMonolith.Readers.Extra;

internal static class Nothing;
