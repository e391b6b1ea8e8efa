using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Inventory.Sourcing;

/// <summary>From where orders take stock that several locations have.</summary>
internal enum SourcingStrategy
{
    /// <summary>From the location with the smallest priority first.</summary>
    Priority,

    /// <summary>From the location nearest to where the goods go, as far as that is known.</summary>
    Nearest,

    /// <summary>From as few locations as can be, because each sends a parcel of its own; among equals from the nearest.</summary>
    FewestParcels,
}

/// <summary>How stock is sourced.</summary>
/// <param name="Strategy">By which rule.</param>
internal sealed record SourcingSettings(SourcingStrategy Strategy)
{
    public static SourcingSettings From(IConfiguration configuration)
    {
        var name = configuration.GetValue<string>("Sourcing") ?? "priority";
        return new SourcingSettings(name switch
        {
            "priority" => SourcingStrategy.Priority,
            "nearest" => SourcingStrategy.Nearest,
            "fewest-parcels" => SourcingStrategy.FewestParcels,
            _ => throw new ModuleConfigurationException($"inventory:Sourcing is '{name}'; it must be priority, nearest or fewest-parcels."),
        });
    }
}
