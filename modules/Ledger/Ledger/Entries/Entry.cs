using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ledger.Entries;

/// <summary>One side of an entry: either the debit or the credit is more than nothing.</summary>
/// <param name="Account">The account.</param>
/// <param name="Debit">In minor units.</param>
/// <param name="Credit">In minor units.</param>
/// <param name="ProviderReference">Under which the provider's report lists the movement; only on a provider's account.</param>
internal sealed record EntryLine(string Account, long Debit, long Credit, string? ProviderReference);

/// <summary>An entry that is never changed again. Its id follows from what it is about, so booking the same thing twice books it once.</summary>
internal sealed record Entry
{
    public required Guid Id { get; init; }

    /// <summary>What happened, as <see cref="EntryKinds"/> says.</summary>
    public required string Kind { get; init; }

    /// <summary>What the money belongs to: an order's id, or a gift card's.</summary>
    public required string Reference { get; init; }

    /// <summary>The invoice, credit, capture, refund, gift card, message or provider's movement that it books.</summary>
    public required string Source { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required IReadOnlyList<EntryLine> Lines { get; init; }

    /// <summary>Tells apart two entries that claim the same id.</summary>
    public string Fingerprint
    {
        get
        {
            var text = new StringBuilder(Kind).Append('|').Append(Reference).Append('|').Append(Currency);
            foreach (var line in Lines)
            {
                text.Append(CultureInfo.InvariantCulture, $"|{line.Account};{line.Debit};{line.Credit};{line.ProviderReference}");
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }

    /// <summary>A UUID that follows from a name, after RFC 9562, section 5.8 (version 8).</summary>
    public static Guid IdOf(string kind, string source)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(kind + "/" + source), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>What entries are about.</summary>
internal static class EntryKinds
{
    public const string OrderInvoiced = "order-invoiced";
    public const string OrderCredited = "order-credited";
    public const string OrderPaidManually = "order-paid-manually";
    public const string OrderRefundedManually = "order-refunded-manually";
    public const string PaymentCaptured = "payment-captured";
    public const string PaymentRefunded = "payment-refunded";
    public const string RefundSent = "refund-sent";
    public const string RefundReturned = "refund-returned";
    public const string SurplusTaken = "surplus-taken";
    public const string SurplusReturned = "surplus-returned";
    public const string GiftCardIssued = "gift-card-issued";
    public const string GiftCardEnded = "gift-card-ended";
    public const string ProviderFee = "provider-fee";
    public const string ProviderPayout = "provider-payout";
}

/// <summary>Puts an entry together.</summary>
internal sealed class EntryDraft(string kind, string source, string reference, string currency, DateTimeOffset occurredAt)
{
    private const int LongestText = 200;

    private readonly List<EntryLine> _lines = [];

    public EntryDraft Debit(string account, Money amount, string? providerReference = null) => Add(account, amount, isDebit: true, providerReference);

    public EntryDraft Credit(string account, Money amount, string? providerReference = null) => Add(account, amount, isDebit: false, providerReference);

    /// <summary>The entry.</summary>
    /// <returns>Null when nothing moved.</returns>
    /// <exception cref="InvalidOperationException">Debits and credits differ, or a text is too long to be kept.</exception>
    public Entry? Complete()
    {
        var (debit, credit) = (_lines.Aggregate(0L, static (sum, line) => checked(sum + line.Debit)), _lines.Aggregate(0L, static (sum, line) => checked(sum + line.Credit)));
        if (debit != credit)
        {
            throw new InvalidOperationException($"What {kind} {source} says does not add up: debits of {new Money(debit, currency)} and credits of {new Money(credit, currency)}. Nothing was booked.");
        }

        if (source.Length > LongestText || reference.Length is 0 or > LongestText || _lines.Exists(static line => line.ProviderReference?.Length > LongestText))
        {
            throw new InvalidOperationException($"A reference of {kind} {source[..Math.Min(source.Length, LongestText)]} is empty or has more than {LongestText} characters. Nothing was booked.");
        }

        return _lines.Count == 0 ? null : new Entry
        {
            Id = Entry.IdOf(kind, source),
            Kind = kind,
            Reference = reference,
            Source = source,
            Currency = currency,
            OccurredAt = occurredAt.ToUniversalTime(),
            Lines = _lines,
        };
    }

    // What is below zero belongs on the other side.
    private EntryDraft Add(string account, Money amount, bool isDebit, string? providerReference)
    {
        if (amount.Currency != currency)
        {
            throw new InvalidOperationException($"What {kind} {source} says is in {currency} and in {amount.Currency}; an entry has one currency. Nothing was booked.");
        }

        if (amount.Amount != 0)
        {
            var size = checked(Math.Abs(amount.Amount));
            _lines.Add(isDebit == amount.Amount > 0 ? new EntryLine(account, size, 0, providerReference) : new EntryLine(account, 0, size, providerReference));
        }

        return this;
    }
}
