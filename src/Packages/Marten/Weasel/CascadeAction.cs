namespace Weasel.Core;

/// <summary>What happens to rows when the one that they refer to is removed.</summary>
public enum CascadeAction
{
    /// <summary>The column becomes null.</summary>
    SetNull = 0,

    /// <summary>The column gets its default.</summary>
    SetDefault = 1,

    /// <summary>It cannot be removed; checked at once.</summary>
    Restrict = 2,

    /// <summary>It cannot be removed.</summary>
    NoAction = 3,

    /// <summary>They are removed too.</summary>
    Cascade = 4,
}
