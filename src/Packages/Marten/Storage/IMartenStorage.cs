using JasperFx;

namespace Marten.Storage;

/// <summary>The database schema of a store.</summary>
public interface IMartenStorage
{
    /// <summary>The statements that create the whole schema in an empty database.</summary>
    string ToDatabaseScript();

    /// <summary>Creates what is missing, as far as <paramref name="override"/> or the options allow.</summary>
    /// <exception cref="Exceptions.MartenSchemaException">A change is needed that may not be made.</exception>
    Task ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate? @override = null);
}
