using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularMonolith.Marten.Tests.ValueTypes;

internal readonly record struct OrderId(Guid Value);

internal readonly record struct CustomerId(string Value);

internal record struct TicketNumber(int Value);

internal sealed record BatchNumber(long Value);

/// <summary>Made by a method only, which System.Text.Json cannot call.</summary>
internal readonly struct Sku : IEquatable<Sku>
{
    private Sku(string code) => Code = code;

    public string Code { get; }

    public static Sku From(string code) => new(code);

    public static bool operator ==(Sku left, Sku right) => left.Equals(right);

    public static bool operator !=(Sku left, Sku right) => !left.Equals(right);

    public bool Equals(Sku other) => Code == other.Code;

    public override bool Equals(object? obj) => obj is Sku other && Equals(other);

    public override int GetHashCode() => Code?.GetHashCode(StringComparison.Ordinal) ?? 0;
}

/// <summary>Brings a converter that writes the bare value, as generated wrappers do.</summary>
[JsonConverter(typeof(RegionIdConverter))]
internal readonly record struct RegionId(Guid Value)
{
    public static explicit operator Guid(RegionId id) => id.Value;
}

internal sealed class RegionIdConverter : JsonConverter<RegionId>
{
    public override RegionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, RegionId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

internal sealed class PurchaseOrder
{
    public OrderId Id { get; set; }

    public CustomerId Customer { get; set; }

    public RegionId? Region { get; set; }

    public Sku Sku { get; set; }

    public OrderId? Replaces { get; set; }

    public List<OrderId> Related { get; set; } = [];

    public List<OrderLine> Lines { get; set; } = [];

    public int Amount { get; set; }
}

internal sealed class OrderLine
{
    public Sku Sku { get; set; }

    public int Count { get; set; }
}

internal sealed class Customer
{
    public CustomerId Id { get; set; }

    public string Name { get; set; } = string.Empty;
}

internal sealed class SupportTicket
{
    public TicketNumber Id { get; set; }
}

internal sealed class ProductionBatch
{
    public BatchNumber? Id { get; set; }
}

internal sealed class Region
{
    public RegionId? Id { get; set; }

    public string Name { get; set; } = string.Empty;
}

internal sealed class Article
{
    public Sku Id { get; set; }

    public string Name { get; set; } = string.Empty;
}
