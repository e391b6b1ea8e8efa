namespace ModularMonolith.Readers.Accounts;

internal sealed record Management(string Name);

internal sealed record Utility(string Name);

internal sealed record Database(string Name);

internal sealed record Basement(string Name);
