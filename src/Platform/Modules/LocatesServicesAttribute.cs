namespace ModularMonolith.Platform.Modules;

/// <summary>
/// Lets a class of a module take an <see cref="IServiceProvider"/>, which keeps the host from starting otherwise: what a class takes from one cannot be seen in its constructor. For classes that
/// something else than the container makes, or that exist before what they need does.
/// </summary>
/// <param name="because">Why the class cannot name what it needs in its constructor.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LocatesServicesAttribute(string because) : Attribute
{
    /// <summary>Why the class cannot name what it needs.</summary>
    public string Because { get; } = because;
}
