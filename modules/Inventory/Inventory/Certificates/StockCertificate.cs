using System.Security.Cryptography;
using System.Text.Json;
using JasperFx;
using ModularMonolith.Inventory.Stock;

namespace ModularMonolith.Inventory.Certificates;

internal enum CertificateStatus
{
    /// <summary>The history is to be verified, or is being verified.</summary>
    Requested,

    /// <summary>All of it is as it must be.</summary>
    Held,

    /// <summary>Something is not.</summary>
    Broken,
}

/// <summary>What was found when the whole history of the stock was added up again.</summary>
/// <param name="UpTo">The number of the last event that was read; all before it were.</param>
/// <param name="Items">How many stock items were added up again.</param>
/// <param name="Movements">From how many movements.</param>
/// <param name="Ledgers">How many SKUs' ledgers of back-orders were.</param>
/// <param name="Entries">From how many entries.</param>
/// <param name="Reservations">How many reservations were compared with the movements.</param>
/// <param name="Taken">How many pieces orders took, by the reservations as by the movements.</param>
/// <param name="Verified">What was verified.</param>
/// <param name="Differences">What does not agree, at most 100.</param>
/// <param name="DifferenceCount">How many there are.</param>
internal sealed record StockFindings(
    long UpTo, long Items, long Movements, long Ledgers, long Entries, long Reservations, long Taken, IReadOnlyList<string> Verified, IReadOnlyList<StockDifference> Differences, int DifferenceCount)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>SHA-256 (FIPS 180-4) of the findings as JSON, in hexadecimal digits.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, Json)));
}

/// <summary>That nothing was oversold, or where it was.</summary>
internal sealed class StockCertificate : IRevisioned
{
    public Guid Id { get; set; }

    public CertificateStatus Status { get; set; }

    public string RequestedBy { get; set; } = string.Empty;

    public DateTimeOffset RequestedAt { get; set; }

    /// <summary>When the verification began that is its result, or that goes on.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>How often it was begun. Certificates of the version before, which did not count, have 0.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public StockFindings? Findings { get; set; }

    public string? Hash { get; set; }

    public int Version { get; set; }
}

/// <summary>The one certificate that is being made.</summary>
/// <param name="Id">Always the same.</param>
/// <param name="CertificateId">The certificate.</param>
internal sealed record RunningCertificate(string Id, Guid CertificateId)
{
    public const string Only = "running";
}

/// <summary>A certificate.</summary>
/// <param name="Id">The certificate.</param>
/// <param name="Status">Whether the invariants held.</param>
/// <param name="RequestedBy">Who asked for it; <c>schedule</c> for the nightly one.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="StartedAt">When the verification began; it shows the database as it was at that moment.</param>
/// <param name="Attempts">How often it was begun, each time from the start: more than once when a host ended over it.</param>
/// <param name="CompletedAt">When it was complete.</param>
/// <param name="Findings">What was found.</param>
/// <param name="Hash">The SHA-256 of the findings.</param>
/// <param name="LastHeldAt">When the invariants were last found to hold; only in the latest certificate.</param>
internal sealed record CertificateView(
    Guid Id, CertificateStatus Status, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? StartedAt, int Attempts, DateTimeOffset? CompletedAt, StockFindings? Findings, string? Hash,
    DateTimeOffset? LastHeldAt = null)
{
    public static CertificateView Of(StockCertificate certificate) => new(
        certificate.Id, certificate.Status, certificate.RequestedBy, certificate.RequestedAt, certificate.StartedAt, certificate.Attempts, certificate.CompletedAt, certificate.Findings,
        certificate.Hash);
}
