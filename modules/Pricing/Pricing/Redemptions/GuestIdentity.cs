using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModularMonolith.Platform.Data;
using ModularMonolith.Pricing.Promotions;

namespace ModularMonolith.Pricing.Redemptions;

/// <summary>
/// Whose uses count where something is limited by customer. A guest is a new subject with each visit, so guests are told apart by the e-mail address that they give: by its HMAC-SHA256
/// (RFC 2104) under a key that is not in the database, so that counters, orders and events do not tell whose it is and nobody can try addresses who has them only.
/// </summary>
internal sealed class GuestIdentity(PricingSettings settings, DatabaseAddress address)
{
    private const int HashBytes = 16;
    private const string Prefix = "mail:";

    private readonly Lazy<byte[]> _key = new(() => settings.GuestSecret is { } secret ? Encoding.UTF8.GetBytes(secret) : address.KeyOf("pricing", "guests"));

    /// <summary>An account's subject, else the hash of the address, else the guest's subject.</summary>
    /// <param name="customer">The subject; null for nobody known.</param>
    /// <param name="email">The address that the customer has given.</param>
    public string? CountedAs(string? customer, string? email) =>
        PromotionReach.HasAccount(customer) || Normalised(email) is not { Length: > 0 } plain
            ? customer
            : Prefix + Base64Url.EncodeToString(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(plain)).AsSpan(0, HashBytes));

    /// <summary>
    /// The address as it is compared: without case, the domain in ASCII (RFC 5891), and without what a mailbox's owner may add to it behind a plus sign (RFC 5233), because whoever has one
    /// address would else have as many as there are words.
    /// </summary>
    public static string? Normalised(string? email)
    {
        if (email?.Trim().ToLowerInvariant() is not { } plain || plain.LastIndexOf('@') is not (> 0 and var at))
        {
            return null;
        }

        var plus = plain.IndexOf('+', StringComparison.Ordinal);
        return $"{plain[..(plus > 0 && plus < at ? plus : at)]}@{InAscii(plain[(at + 1)..])}";
    }

    private static string InAscii(string domain)
    {
        try
        {
            return new IdnMapping().GetAscii(domain);
        }
        catch (ArgumentException)
        {
            // No domain, but somebody's address all the same: it is compared as it is written.
            return domain;
        }
    }
}
