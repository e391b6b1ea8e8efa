namespace ModularMonolith.Platform.Security;

/// <summary>Declares a permission that a module's endpoints ask for; part of the manifest, on the class that registers the module.</summary>
/// <param name="name">The module's name, a colon and what it allows: <c>catalog:write</c>.</param>
/// <param name="description">One sentence for whoever grants it: what its holder can do.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PermissionAttribute(string name, string description) : Attribute
{
    /// <summary>The permission.</summary>
    public string Name { get; } = name;

    /// <summary>What its holder can do.</summary>
    public string Description { get; } = description;
}
