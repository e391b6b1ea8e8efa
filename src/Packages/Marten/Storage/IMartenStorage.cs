using JasperFx;
using Npgsql;
using Weasel.Core;

namespace Marten.Storage;

/// <summary>The database schema of a store.</summary>
public interface IMartenStorage
{
    /// <summary>The database.</summary>
    IMartenDatabase Database { get; }

    /// <summary>The names of the schemas that the store uses.</summary>
    string[] AllSchemaNames();

    /// <summary>The tables, sequences and functions that the store needs.</summary>
    IEnumerable<ISchemaObject> AllObjects();

    /// <summary>Writes the statements that create the schema to a file for each document type, and all.sql, which runs them with psql in order.</summary>
    /// <param name="directory">The directory, which is created unless it exists. Files of these names are replaced.</param>
    Task WriteScriptsByType(string directory);

    /// <summary>The database of a tenant: the only one.</summary>
    ValueTask<IMartenDatabase> FindOrCreateDatabase(string tenantIdOrDatabaseIdentifier);

    /// <summary>All databases: one.</summary>
    ValueTask<IReadOnlyList<IMartenDatabase>> AllDatabases();

    /// <summary>The statements that create the whole schema in an empty database.</summary>
    string ToDatabaseScript();

    /// <summary>Writes the statements that create the whole schema to a file.</summary>
    Task WriteCreationScriptToFile(string filename);

    /// <summary>
    /// Creates what is missing, as far as <paramref name="override"/> or the options allow. Where the options say None, this
    /// explicit call creates and adds.
    /// </summary>
    /// <exception cref="Exceptions.MartenSchemaException">A change is needed that may not be made.</exception>
    Task ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate? @override = null);

    /// <summary>The changes that would bring the database in line with the store; changes nothing.</summary>
    Task<SchemaMigration> CreateMigrationAsync();
}

/// <summary>The database of a store.</summary>
public interface IMartenDatabase
{
    /// <summary>Creates what is missing, as far as <paramref name="override"/> or the options allow.</summary>
    /// <exception cref="Exceptions.MartenSchemaException">A change is needed that may not be made.</exception>
    Task ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate? @override = null);

    /// <summary>Fails, naming the statements, when the database differs from what the store needs.</summary>
    /// <exception cref="Exceptions.MartenSchemaException">It differs.</exception>
    Task AssertDatabaseMatchesConfigurationAsync(CancellationToken token = default);

    /// <summary>Creates the table of a document type unless it exists.</summary>
    Task EnsureStorageExistsAsync(Type featureType, CancellationToken token = default);

    /// <summary>A closed connection to the database, which the caller disposes.</summary>
    NpgsqlConnection CreateConnection();
}
