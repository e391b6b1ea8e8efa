namespace ModularMonolith.Platform.Modules;

/// <summary>
/// A module's manifest. It stands on the class that registers the module and can be read without running it;
/// the host, the database roles, health and the documentation are derived from it.
/// </summary>
/// <param name="name">Lower-case letters and digits, at most 30, for example <c>ordering</c>. It names the schema, the route group, the role and the configuration section.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ModuleAttribute(string name) : Attribute
{
    /// <summary>The module's name.</summary>
    public string Name { get; } = name;

    /// <summary>The team that answers for the module.</summary>
    public required string Owner { get; init; }

    /// <summary>One sentence: what the module is for.</summary>
    public required string Purpose { get; init; }

    /// <summary>The names of the modules whose Contracts this module uses. The host refuses to start without them.</summary>
    public string[] DependsOn { get; init; } = [];

    /// <summary>A key of the module's configuration section without which the module is not part of the host: for a module that few deployments need. Null: it always is.</summary>
    public string? RequiredSetting { get; init; }

    /// <summary>Whether the module may write events to the log on behalf of producers outside of this database.</summary>
    public bool ImportsEvents { get; init; }
}

/// <summary>Registers a module's store and services. The class carries <see cref="ModuleAttribute"/> and has a parameterless constructor.</summary>
public interface IModule
{
    /// <summary>Registers what the module needs beyond what is found by scan (handlers, validators, endpoints, event handlers).</summary>
    /// <param name="module">The module's own part of the host.</param>
    void Configure(ModuleBuilder module);
}
