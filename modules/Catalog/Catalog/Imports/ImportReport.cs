using System.Text.Json.Serialization;

namespace ModularMonolith.Catalog.Imports;

/// <summary>What an import did, or would do, or how far it is.</summary>
internal sealed record ImportReport
{
    public required Guid Id { get; init; }

    /// <summary>How far it is. Reports without it are of imports that were completed.</summary>
    public ImportStatus Status { get; init; } = ImportStatus.Completed;

    /// <summary>Whether the file was only checked.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The file's rows, the header and empty ones not counted; 0 until it is completed, as are the other numbers.</summary>
    public required int Rows { get; init; }

    public required ImportedProducts Products { get; init; }

    /// <summary>The variants in the file.</summary>
    public required int Variants { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, one way or the other; null until then.</summary>
    public required DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Why it was refused, if it was.</summary>
    public ImportRefusal? Problem { get; init; }
}

/// <summary>How far an import is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImportStatus>))]
internal enum ImportStatus
{
    /// <summary>The file has arrived and waits for its turn, or is being imported.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>All of it was imported.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It has errors, and nothing was imported.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}

/// <summary>Why an import that nobody waited for was refused: what the answer would have been.</summary>
/// <param name="Type">The kind of problem.</param>
/// <param name="Title">It in a sentence.</param>
/// <param name="Status">The status that the answer would have had.</param>
/// <param name="Detail">What is wrong.</param>
/// <param name="ErrorCount">How many errors the file has.</param>
/// <param name="Errors">The first of them, at most 1,000.</param>
internal sealed record ImportRefusal(string Type, string Title, int Status, string Detail, int ErrorCount, IReadOnlyList<ImportError> Errors);

/// <summary>What became of the file's products.</summary>
/// <param name="Created">New in the catalogue.</param>
/// <param name="Updated">There before, and different now.</param>
/// <param name="Unchanged">Already as the file says.</param>
internal sealed record ImportedProducts(int Created, int Updated, int Unchanged)
{
    [JsonIgnore]
    public int All => Created + Updated + Unchanged;
}
