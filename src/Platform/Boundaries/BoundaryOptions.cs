namespace ModularMonolith.Platform.Boundaries;

/// <summary>What happens when a module uses a message of another one that it does not declare.</summary>
internal enum UndeclaredEdges
{
    /// <summary>It is counted and logged once.</summary>
    Report,

    /// <summary>The request, or the delivery of the event, fails as well.</summary>
    Fail,
}

/// <summary>The configuration section <c>Boundaries</c>.</summary>
internal sealed class BoundaryOptions
{
    /// <summary><see cref="UndeclaredEdges.Fail"/> in Development, elsewhere <see cref="UndeclaredEdges.Report"/>, unless configured.</summary>
    public UndeclaredEdges? OnUndeclared { get; set; }

    /// <summary>A folder into which this process writes which modules it has seen use each other; null for none.</summary>
    public string? RecordTo { get; set; }
}
