using System.Text.Json;

namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>How a place writes JSON, as far as it shows in the shape.</summary>
/// <param name="EnumNaming">How the values of enumerations are spelled; null for as they are declared.</param>
/// <param name="UnwrapsValues">Whether structures around one value, which could not be read as objects, are written as the bare value.</param>
internal sealed record JsonWriting(JsonNamingPolicy? EnumNaming, bool UnwrapsValues)
{
    /// <summary>The integration log: <c>EventPayload</c> in the platform.</summary>
    public static readonly JsonWriting Log = new(JsonNamingPolicy.CamelCase, UnwrapsValues: false);

    /// <summary>The event store: <c>ModuleStoreRegistration.UseJson</c> in the platform.</summary>
    public static readonly JsonWriting Store = new(EnumNaming: null, UnwrapsValues: true);
}
