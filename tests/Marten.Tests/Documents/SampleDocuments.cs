using JasperFx;
using JasperFx.Metadata;

namespace ModularMonolith.Marten.Tests.Documents;

internal sealed class User
{
    public Guid Id { get; set; }

    public string Name { get; set; } = string.Empty;

    public string? Email { get; set; }

    public int Age { get; set; }
}

internal sealed class Label
{
    public string Id { get; set; } = string.Empty;

    public string? Text { get; set; }
}

internal sealed class Account : IVersioned
{
    public Guid Id { get; set; }

    public long Balance { get; set; }

    public Guid Version { get; set; }
}

internal sealed class Page : IRevisioned
{
    public Guid Id { get; set; }

    public string Text { get; set; } = string.Empty;

    public int Version { get; set; }
}

internal sealed class Note : ISoftDeleted
{
    public Guid Id { get; set; }

    public string Text { get; set; } = string.Empty;

    public bool Deleted { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }
}

internal sealed class Ticket
{
    public int Id { get; set; }

    public string? Subject { get; set; }
}

internal sealed class Measurement
{
    public long Id { get; set; }

    public double Value { get; set; }
}
