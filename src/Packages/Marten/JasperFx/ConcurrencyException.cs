namespace JasperFx;

/// <summary>A document or stream was changed by somebody else since it was read.</summary>
public class ConcurrencyException : Exception
{
    /// <summary>Creates the exception for one document.</summary>
    public ConcurrencyException(Type docType, object id)
        : this(ToMessage(docType, id), docType, id)
    {
    }

    /// <summary>Creates the exception with a message of its own.</summary>
    public ConcurrencyException(string message, Type? docType, object id)
        : base(message)
    {
        DocType = docType?.FullName ?? string.Empty;
        Id = id;
    }

    /// <summary>Creates the exception with only a message.</summary>
    public ConcurrencyException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the database's own error.</summary>
    public ConcurrencyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The full name of the document or aggregate type.</summary>
    public string DocType { get; set; } = string.Empty;

    /// <summary>The identity of the document or stream.</summary>
    public object Id { get; set; } = string.Empty;

    /// <summary>The message for one document.</summary>
    public static string ToMessage(Type docType, object id) => $"Optimistic concurrency check failed for {docType.FullName} #{id}";
}

/// <summary>A document was inserted under an identity that exists already.</summary>
public class DocumentAlreadyExistsException : Exception
{
    /// <summary>Creates the exception for one document.</summary>
    public DocumentAlreadyExistsException(Type documentType, object id)
        : this(null, documentType, id)
    {
    }

    /// <summary>Creates the exception with the database's own error.</summary>
    public DocumentAlreadyExistsException(Exception? inner, Type documentType, object id)
        : base(ToMessage(documentType, id), inner)
    {
        DocumentType = documentType;
        Id = id;
    }

    /// <summary>The type of the document.</summary>
    public Type DocumentType { get; }

    /// <summary>The identity that is taken.</summary>
    public object Id { get; }

    /// <summary>The type of the document.</summary>
    public Type DocType => DocumentType;

    /// <summary>The message for one document.</summary>
    public static string ToMessage(Type documentType, object id) => $"Document already exists {documentType.FullName}: {id}";
}
