using System.Diagnostics.CodeAnalysis;

namespace MediatR;

/// <summary>The type with a single value: stands where a type is required but there is nothing to say.</summary>
[SuppressMessage("Design", "CA1036:Override methods on comparable types",
    Justification = "The published type has no ordering operators.")]
public readonly struct Unit : IEquatable<Unit>, IComparable<Unit>, IComparable
{
    private static readonly Unit Only;

    /// <summary>The single value.</summary>
    public static ref readonly Unit Value => ref Only;

    /// <summary>A completed task that carries the single value.</summary>
    public static Task<Unit> Task { get; } = System.Threading.Tasks.Task.FromResult(Only);

    /// <summary>Compares two values, which are always equal.</summary>
    /// <returns>Always true.</returns>
    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "The signature of an operator is fixed.")]
    public static bool operator ==(Unit first, Unit second) => true;

    /// <summary>Compares two values, which are always equal.</summary>
    /// <returns>Always false.</returns>
    [SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "The signature of an operator is fixed.")]
    public static bool operator !=(Unit first, Unit second) => false;

    /// <inheritdoc />
    public int CompareTo(Unit other) => 0;

    int IComparable.CompareTo(object? obj) => 0;

    /// <inheritdoc />
    public bool Equals(Unit other) => true;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Unit;

    /// <inheritdoc />
    public override int GetHashCode() => 0;

    /// <summary>Writes the value the way functional languages do.</summary>
    /// <returns><c>()</c></returns>
    public override string ToString() => "()";
}
