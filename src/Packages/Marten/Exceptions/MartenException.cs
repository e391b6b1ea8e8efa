using Npgsql;

namespace Marten.Exceptions;

/// <summary>The root of the errors that a store raises.</summary>
public class MartenException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public MartenException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public MartenException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public MartenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>PostgreSQL refused a command or could not be reached.</summary>
public class MartenCommandException : MartenException
{
    /// <summary>The hint given when a command timed out.</summary>
    public const string MaybeLockedRowsMessage =
        "Postgresql timed out while trying to read data. This may be caused by trying to read locked rows";

    /// <summary>Creates the exception for a command.</summary>
    public MartenCommandException(NpgsqlCommand? command, Exception innerException)
        : this(command, innerException, null)
    {
    }

    /// <summary>Creates the exception for a command with an introduction.</summary>
    public MartenCommandException(NpgsqlCommand? command, Exception innerException, string? prefix)
        : base(ToMessage(command, innerException, prefix), innerException)
    {
        Command = command;
    }

    /// <summary>The command that failed, where there was one.</summary>
    public NpgsqlCommand? Command { get; }

    /// <summary>The message: the introduction, the command's text without its values, and the database's message.</summary>
    public static string ToMessage(NpgsqlCommand? command, Exception innerException, string? prefix = null)
    {
        var introduction = prefix is null ? "" : prefix + Environment.NewLine;
        var sql = command is null ? "" : Environment.NewLine + command.CommandText;
        return $"{introduction}A request to the database failed: {innerException.Message}{sql}";
    }
}

/// <summary>The connection string cannot be used.</summary>
public class InvalidConnectionStringException : MartenCommandException
{
    /// <summary>Creates the exception.</summary>
    public InvalidConnectionStringException(NpgsqlCommand? command, ArgumentException innerException)
        : base(command, innerException, "The connection string of the document store is not valid.")
    {
    }
}

/// <summary>A serializable transaction met another; the whole unit of work has to be repeated.</summary>
public class ConcurrentUpdateException : MartenException
{
    /// <summary>Creates the exception.</summary>
    public ConcurrentUpdateException(Exception innerException)
        : base("Another transaction changed the same rows at the same time. Repeat the unit of work from its beginning.", innerException)
    {
    }
}

/// <summary>A document that was to be updated does not exist.</summary>
public class NonExistentDocumentException : MartenException
{
    /// <summary>Creates the exception for one document.</summary>
    public NonExistentDocumentException(Type docType, object id)
        : base($"Nonexistent document {docType.FullName}: {id}")
    {
        DocType = docType;
        Id = id;
    }

    /// <summary>The type of the document.</summary>
    public Type DocType { get; }

    /// <summary>The identity that is missing.</summary>
    public object Id { get; }
}

/// <summary>A document type cannot be mapped to a table.</summary>
public class InvalidDocumentException : MartenException
{
    /// <summary>Creates the exception.</summary>
    public InvalidDocumentException(string message)
        : base(message)
    {
    }
}

/// <summary>Two document types of one store claim the same table.</summary>
public class AmbiguousDocumentTypeAliasesException : MartenException
{
    /// <summary>Creates the exception.</summary>
    public AmbiguousDocumentTypeAliasesException(string message)
        : base(message)
    {
    }
}

/// <summary>A document was addressed by an id of another type than its own.</summary>
public class DocumentIdTypeMismatchException : MartenException
{
    /// <summary>Creates the exception.</summary>
    public DocumentIdTypeMismatchException(Type documentType, Type idType)
        : base($"Documents of type {documentType.FullName} are not identified by a {idType.Name}. Use the type of its identity member.")
    {
    }

    /// <summary>Creates the exception.</summary>
    public DocumentIdTypeMismatchException(string message)
        : base(message)
    {
    }
}

/// <summary>The database schema is not, and may not be made, what the store needs.</summary>
public class MartenSchemaException : MartenException
{
    /// <summary>Creates the exception for a part of the schema and the statements that would bring it up to date.</summary>
    public MartenSchemaException(object subject, string ddl, Exception inner)
        : base($"The schema of '{subject}' cannot be brought up to date by these statements:{Environment.NewLine}{ddl}", inner)
    {
    }

    internal MartenSchemaException(string message)
        : base(message)
    {
    }
}

/// <summary>A query uses an expression that has no translation to SQL.</summary>
public class BadLinqExpressionException : MartenException
{
    /// <summary>Creates the exception with its cause.</summary>
    public BadLinqExpressionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    public BadLinqExpressionException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception for an expression.</summary>
    public BadLinqExpressionException(System.Linq.Expressions.Expression expression)
        : base($"The expression '{expression}' cannot be translated to SQL.")
    {
    }
}

/// <summary>A compiled query cannot be planned.</summary>
public class InvalidCompiledQueryException : MartenException
{
    /// <summary>What is said when a compiled query uses asynchronous operators.</summary>
    public static readonly string CompiledQueryTypeCannotBeAsyncMessage = "Cannot use compiled queries with asynchronous query operators.";

    /// <summary>Creates the exception.</summary>
    public InvalidCompiledQueryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public InvalidCompiledQueryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The exception for a query that uses asynchronous operators.</summary>
    public static InvalidCompiledQueryException ForCannotBeAsync(Type compiledQueryType) =>
        new($"{CompiledQueryTypeCannotBeAsyncMessage} {compiledQueryType.FullName} must use the synchronous ones, which are run asynchronously.");
}

/// <summary>A session of the default tenant was opened in a store that does not allow those.</summary>
public class DefaultTenantUsageDisabledException : MartenException
{
    /// <summary>Creates the exception.</summary>
    public DefaultTenantUsageDisabledException()
        : base("The store does not allow the default tenant (Advanced.DefaultTenantUsageEnabled is off). Open the session for a tenant, or with SessionOptions.AllowAnyTenant.")
    {
    }

    /// <summary>Creates the exception.</summary>
    public DefaultTenantUsageDisabledException(string message)
        : base(message)
    {
    }
}

/// <summary>A DateTime that is not in UTC was given for a column with a time zone.</summary>
public class InvalidDateTimeUsageException : MartenException
{
    /// <summary>Creates the exception.</summary>
    public InvalidDateTimeUsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A GIN index covers a column that PostgreSQL can only take into one with the extension <c>btree_gin</c> or <c>pg_trgm</c>, which is not installed.</summary>
public class MissingGinExtensionException : MartenException
{
    /// <summary>Creates the exception.</summary>
    public MissingGinExtensionException(Exception? innerException)
        : base("A GIN index needs an extension that is not installed in the database. Run 'create extension btree_gin' as an administrator.", innerException!)
    {
    }
}
