namespace JasperFx;

/// <summary>How far a store may go when it changes database objects by itself.</summary>
public enum AutoCreate
{
    /// <summary>Creates and changes objects, and rebuilds a table that cannot be changed in place. For development only.</summary>
    All = 0,

    /// <summary>Creates missing objects and adds to existing ones; never destroys data.</summary>
    CreateOrUpdate = 1,

    /// <summary>Creates missing objects; an existing object that differs is an error.</summary>
    CreateOnly = 2,

    /// <summary>Never touches the schema.</summary>
    None = 3,
}

/// <summary>What deleting a document does to its row.</summary>
public enum DeleteStyle
{
    /// <summary>The row is removed.</summary>
    Remove = 0,

    /// <summary>The row is marked as deleted and hidden from queries.</summary>
    SoftDelete = 1,
}

/// <summary>Marks the member that identifies a document.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class IdentityAttribute : Attribute;

/// <summary>A document whose revision number, counted from 1, guards it against lost updates.</summary>
public interface IRevisioned
{
    /// <summary>The stored revision; 0 for a document that was never stored.</summary>
    int Version { get; set; }
}

/// <summary>A document whose 64-bit revision number, counted from 1, guards it against lost updates.</summary>
public interface ILongVersioned
{
    /// <summary>The stored revision; 0 for a document that was never stored.</summary>
    long Version { get; set; }
}
