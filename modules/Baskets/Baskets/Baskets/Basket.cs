using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using JasperFx;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>What a customer is about to order: variants and quantities. Prices are never stored, they are those of the moment at each read.</summary>
internal sealed class Basket : IRevisioned, ICopyable<Basket>
{
    public const int MaximumLines = 100;
    public const int MaximumQuantity = 999;

    public string Id { get; set; } = string.Empty;

    public List<BasketLine> Lines { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>From this moment on the basket is gone for everybody; the row stays until its timer removes it.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The order that was made of the basket and closed it.</summary>
    public Guid? OrderId { get; set; }

    public int Version { get; set; }

    public Basket Copy() => new() { Id = Id, Lines = Lines.ConvertAll(static line => line.Copy()), CreatedAt = CreatedAt, ExpiresAt = ExpiresAt, OrderId = OrderId, Version = Version };

    public BasketLine? LineOf(Guid variantId) => Lines.Find(line => line.VariantId == variantId);

    public BasketLine RequireLine(Guid variantId) => LineOf(variantId)
        ?? throw new ProblemException(ProblemTypes.NotFound, $"The basket has no line for variant {variantId}.");

    /// <summary>Adds a line or raises the quantity of the one that the variant has.</summary>
    /// <exception cref="ProblemException">The basket or the line would be too large.</exception>
    public BasketLine Add(Guid variantId, string sku, string title, int quantity)
    {
        var line = LineOf(variantId);
        if (line is null)
        {
            if (Lines.Count >= MaximumLines)
            {
                throw new ProblemException(BasketProblems.BasketFull, $"A basket has at most {MaximumLines} lines. Remove one, or order in two baskets.");
            }

            line = new BasketLine { VariantId = variantId };
            Lines.Add(line);
        }

        if (line.Quantity + quantity > MaximumQuantity)
        {
            throw new ProblemException(BasketProblems.QuantityLimit, $"A line has at most {MaximumQuantity} pieces, and this one has {line.Quantity} already.")
                .With("inBasket", line.Quantity);
        }

        line.Sku = sku;
        line.Title = title;
        line.Quantity += quantity;
        return line;
    }
}

/// <summary>One variant in a basket.</summary>
internal sealed class BasketLine
{
    public Guid VariantId { get; set; }

    /// <summary>The SKU when the line was added, to name the line when the catalogue no longer can.</summary>
    public string Sku { get; set; } = string.Empty;

    /// <summary>The title when the line was added, for the same reason.</summary>
    public string Title { get; set; } = string.Empty;

    public int Quantity { get; set; }

    public BasketLine Copy() => (BasketLine)MemberwiseClone();
}

/// <summary>The key to a guest's basket: whoever knows it owns the basket, so it cannot be guessed.</summary>
internal static class BasketId
{
    private const int Bytes = 16;
    private const int Length = 22;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>128 random bits as base64url (RFC 4648, section 5) without padding.</summary>
    public static string Create()
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    /// <summary>The same 128 bits, in the same order, as the id of the basket's timer.</summary>
    public static Guid ToTimerId(string id)
    {
        Span<byte> bits = stackalloc byte[Bytes];
        Base64Url.DecodeFromChars(id, bits);
        return new Guid(bits, bigEndian: true);
    }

    public static bool IsWellFormed(string id) => id.Length == Length && !id.AsSpan().ContainsAnyExcept(Alphabet);
}
