using Microsoft.Extensions.DependencyInjection;

namespace Carter;

/// <summary>Sets the lifetime that a validator is registered with, in place of the default.</summary>
/// <param name="lifetime">The lifetime in the dependency-injection container.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ValidatorLifetimeAttribute(ServiceLifetime lifetime) : Attribute
{
    /// <summary>The lifetime in the dependency-injection container.</summary>
    public ServiceLifetime Lifetime { get; } = lifetime;
}
