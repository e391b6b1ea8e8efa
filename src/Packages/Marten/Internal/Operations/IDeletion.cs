namespace Marten.Internal.Operations;

/// <summary>One deletion in a unit of work.</summary>
public interface IDeletion
{
    /// <summary>The document, where it was deleted by instance.</summary>
    object? Document { get; }

    /// <summary>The identity of the deleted document.</summary>
    object Id { get; }

    /// <summary>The type of the deleted document.</summary>
    Type DocumentType { get; }
}
