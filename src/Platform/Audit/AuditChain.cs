using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.Platform.Audit;

/// <summary>The hash chain over the entries, computed apart from the database, which made it. docs/audit.md describes the form for those who verify it with means of their own.</summary>
internal static class AuditChain
{
    private const int Version = 1;
    private const int HashLength = 32;

    /// <summary>The hash before the first entry.</summary>
    public static byte[] Origin => new byte[HashLength];

    /// <summary>SHA-256 (FIPS 180-4) over the previous hash and the entry's canonical form in UTF-8.</summary>
    public static byte[] HashOf(byte[] previous, StoredEntry entry) => SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(Canonical(entry))]);

    /// <summary>
    /// A JSON array (RFC 8259) with a comma and a blank between its values: the form's version, then the columns in a fixed order. Numbers have no fraction, the time is microseconds since
    /// 1970 in UTC; in texts only quotation marks, backslashes and control characters are escaped, as RFC 8785, section 3.2.2.2, says.
    /// </summary>
    public static string Canonical(StoredEntry entry)
    {
        var text = new StringBuilder(500);
        text.Append('[').Append(Version);
        Add(text, entry.Position);
        Add(text, entry.Id.ToString());
        Add(text, (entry.RecordedAt.ToUniversalTime() - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        foreach (var value in new[]
        {
            entry.Writer, entry.Module, entry.Operation, entry.Place, entry.Subject, entry.Client, entry.Session, entry.Authentication, entry.Address, entry.UserAgent, entry.TraceId,
            entry.CorrelationId, entry.CausationId, entry.IdempotencyKey, entry.Reason,
        })
        {
            Add(text, value);
        }

        Add(text, entry.ChangeCount);
        Add(text, entry.Changes);
        return text.Append(']').ToString();
    }

    private static void Add(StringBuilder text, long value) => text.Append(", ").Append(value.ToString(CultureInfo.InvariantCulture));

    private static void Add(StringBuilder text, string? value)
    {
        text.Append(", ");
        if (value is null)
        {
            text.Append("null");
            return;
        }

        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
