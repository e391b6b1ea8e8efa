namespace JasperFx.Metadata;

/// <summary>A document whose version identifier, changed by each write, guards it against lost updates.</summary>
public interface IVersioned
{
    /// <summary>The identifier of the stored version.</summary>
    Guid Version { get; set; }
}

/// <summary>A document that is marked as deleted instead of removed, and can tell so itself.</summary>
public interface ISoftDeleted
{
    /// <summary>Whether the document is marked as deleted.</summary>
    bool Deleted { get; set; }

    /// <summary>When the document was marked as deleted.</summary>
    DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>A document that carries who and what wrote it last.</summary>
public interface ITracked
{
    /// <summary>The correlation id of the session that wrote the document.</summary>
    string CorrelationId { get; set; }

    /// <summary>The causation id of the session that wrote the document.</summary>
    string CausationId { get; set; }

    /// <summary>The user on whose behalf the document was written.</summary>
    string LastModifiedBy { get; set; }
}
