namespace ModularMonolith.Platform.Timers;

/// <summary>
/// The stable name under which a command is stored when it is scheduled for later. It stands on the command's class and never changes when the
/// class is renamed or moved.
/// </summary>
/// <param name="name">Lower case with hyphens, unique in the module, at most 100 characters: <c>expire-reservation</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TimerAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
