using System.Text.Json.Nodes;

namespace ModularMonolith.Conformance.Descriptions;

/// <summary>One operation of an OpenAPI document.</summary>
/// <param name="Method">The HTTP method in capitals.</param>
/// <param name="Path">The path with its templates: <c>/api/catalog/products/{id}</c>.</param>
/// <param name="Json">The operation object.</param>
public sealed record DescribedOperation(string Method, string Path, JsonNode Json)
{
    /// <summary>The operation's name; empty where it has none.</summary>
    public string Id => (string?)Json["operationId"] ?? string.Empty;

    /// <summary>The parameters, each with its name and place (<c>query</c>, <c>path</c>, <c>header</c>).</summary>
    public IEnumerable<(string Name, string In, bool Required, JsonNode? Schema)> Parameters =>
        from parameter in Json["parameters"]?.AsArray() ?? []
        select ((string)parameter["name"]!, (string)parameter["in"]!, (bool?)parameter["required"] ?? false, parameter["schema"]);

    /// <summary>Whether there is such a parameter.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <param name="place"><c>query</c>, <c>path</c> or <c>header</c>.</param>
    public bool Takes(string name, string place) => Parameters.Any(parameter => parameter.In == place && string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";
}
