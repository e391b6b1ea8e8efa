using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.Payments.Stripe;

/// <summary>
/// The signature of a webhook: <c>Stripe-Signature: t=1700000000,v1=hex,v1=hex</c>, where v1 is the HMAC-SHA256, under the endpoint's secret, of the time, a dot and the body. There are
/// several while a secret is being replaced.
/// </summary>
internal static class StripeSignature
{
    private const int MostSignatures = 10;
    private const int LongestHeader = 2_000;

    /// <summary>Whether a body was signed with the secret, not long ago.</summary>
    public static bool Verify(string? header, ReadOnlySpan<byte> body, string secret, TimeSpan tolerance, DateTimeOffset now)
    {
        if (header is not { Length: > 0 and <= LongestHeader } || !TryRead(header, out var seconds, out var signatures))
        {
            return false;
        }

        // What is dated ahead of the clock by as much is refused too: it could be kept for later.
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > (long)tolerance.TotalSeconds)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes(seconds.ToString(CultureInfo.InvariantCulture) + "."));
        hash.AppendData(body);
        hash.GetHashAndReset(expected);
        var isSigned = false;
        foreach (var signature in signatures)
        {
            isSigned |= CryptographicOperations.FixedTimeEquals(signature, expected);
        }

        return isSigned;
    }

    private static bool TryRead(string header, out long seconds, out List<byte[]> signatures)
    {
        long? time = null;
        signatures = [];
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal) && time is null && long.TryParse(part.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given < 100_000_000_000)
            {
                time = given;
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal) && part.Length == 3 + (HMACSHA256.HashSizeInBytes * 2) && part.AsSpan(3).ContainsAnyExceptInRange('0', 'f') is false && signatures.Count < MostSignatures)
            {
                var bytes = new byte[HMACSHA256.HashSizeInBytes];
                if (Convert.FromHexString(part.AsSpan(3), bytes, out _, out _) == System.Buffers.OperationStatus.Done)
                {
                    signatures.Add(bytes);
                }
            }
        }

        seconds = time ?? 0;
        return time is not null && signatures.Count > 0;
    }
}
