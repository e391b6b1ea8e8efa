using System.Text.Json.Serialization;

namespace ModularMonolith.Catalog.Imports;

/// <summary>What an import did, or would do.</summary>
internal sealed record ImportReport
{
    public required Guid Id { get; init; }

    /// <summary>Whether the file was only checked.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The file's rows, the header and empty ones not counted.</summary>
    public required int Rows { get; init; }

    public required ImportedProducts Products { get; init; }

    /// <summary>The variants in the file.</summary>
    public required int Variants { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }
}

/// <summary>What became of the file's products.</summary>
/// <param name="Created">New in the catalogue.</param>
/// <param name="Updated">There before, and different now.</param>
/// <param name="Unchanged">Already as the file says.</param>
internal sealed record ImportedProducts(int Created, int Updated, int Unchanged)
{
    [JsonIgnore]
    public int All => Created + Updated + Unchanged;
}
