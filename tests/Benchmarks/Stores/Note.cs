namespace ModularMonolith.Benchmarks.Stores;

/// <summary>The document: about 200 bytes of JSON.</summary>
internal sealed record Note
{
    public Guid Id { get; init; }

    public required string Author { get; init; }

    public required string Title { get; init; }

    public required string Text { get; init; }

    public int Stars { get; init; }

    public static Note Next() => new()
    {
        Id = Guid.CreateVersion7(),
        Author = "author-" + Random.Shared.Next(20_000),
        Title = "What is worth to be written down",
        Text = "Some sixty characters that stand for what people really say.",
        Stars = Random.Shared.Next(5),
    };
}

/// <summary>The same in a table with an index.</summary>
internal sealed record IndexedNote
{
    public Guid Id { get; init; }

    public required string Author { get; init; }

    public required Note Note { get; init; }
}

internal sealed record Opened(string Owner, string Currency, string Branch);

internal sealed record Deposited(long Amount, string Reference);

internal sealed record Withdrawn(long Amount, string Reference);

/// <summary>The aggregate without a stored snapshot.</summary>
internal sealed class Account
{
    public Guid Id { get; set; }

    public string Owner { get; set; } = string.Empty;

    public long Balance { get; set; }

    public int Version { get; set; }

    public static Account Create(Opened opened) => new() { Owner = opened.Owner };

    public void Apply(Deposited deposited) => Balance += deposited.Amount;

    public void Apply(Withdrawn withdrawn) => Balance -= withdrawn.Amount;

    public static object[] ThreeEvents() => [new Opened("somebody", "EUR", "main"), new Deposited(100, "first"), new Withdrawn(30, "second")];
}
