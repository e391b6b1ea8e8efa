namespace JasperFx.Events;

/// <summary>The names of tables, for SQL of the caller.</summary>
public interface IDocumentSchemaResolver
{
    /// <summary>The schema of the documents.</summary>
    string DatabaseSchemaName { get; }

    /// <summary>The schema of the events.</summary>
    string EventsSchemaName { get; }

    /// <summary>The table of a document type.</summary>
    string For<TDocument>(bool qualified = true);

    /// <summary>The table of a document type.</summary>
    string For(Type documentType, bool qualified = true);

    /// <summary>The table of events.</summary>
    string ForEvents(bool qualified = true);

    /// <summary>The table of streams.</summary>
    string ForStreams(bool qualified = true);

    /// <summary>The table of projection progress.</summary>
    string ForEventProgression(bool qualified = true);
}
