using System.Text.Json;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>An operation of the HTTP API.</summary>
/// <param name="Id">Its <c>operationId</c>.</param>
/// <param name="Method">GET, POST …</param>
/// <param name="Path">With parameters in braces.</param>
/// <param name="Callers">Who may call it.</param>
/// <param name="Summary">What it does.</param>
public sealed record ApiOperation(string Id, string Method, string Path, string Callers, string Summary);

/// <summary>Reads the contract files of the HTTP API: <c>modules/X/X.openapi.json</c>.</summary>
public static class ApiOperations
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    /// <summary>The operations of a module; none when it has no contract file.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="module">The module.</param>
    /// <returns>By path and method.</returns>
    /// <exception cref="ArchitectureException">The file cannot be read.</exception>
    public static IReadOnlyList<ApiOperation> Of(string root, Module module)
    {
        var path = $"modules/{module.Folder}/{module.Folder}.openapi.json";
        var file = Path.Combine(root, path);
        if (!File.Exists(file))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return [.. document.RootElement.TryGetProperty("paths", out var paths) ? Read(paths) : []];
        }
        catch (JsonException exception)
        {
            throw new ArchitectureException($"{path} is no valid JSON: {exception.Message}");
        }
    }

    private static List<ApiOperation> Read(JsonElement paths) =>
        [.. from path in paths.EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where Methods.Contains(operation.Name)
            orderby path.Name, Array.IndexOf(Methods, operation.Name)
            select new ApiOperation(Text(operation.Value, "operationId"), operation.Name.ToUpperInvariant(), path.Name, CallersOf(operation.Value), Text(operation.Value, "summary"))];

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? string.Empty : string.Empty;

    // OpenAPI: no requirement, or an empty one among several, lets everybody in; the scopes of one are permissions here.
    private static string CallersOf(JsonElement operation)
    {
        if (!operation.TryGetProperty("security", out var security) || security.GetArrayLength() == 0 || security.EnumerateArray().Any(static one => !one.EnumerateObject().Any()))
        {
            return "everybody";
        }

        var permissions = security.EnumerateArray().SelectMany(static one => one.EnumerateObject()).SelectMany(static scheme => scheme.Value.EnumerateArray()).Select(static scope => $"`{scope.GetString()}`").Distinct().ToList();
        return permissions.Count == 0 ? "whoever is known" : string.Join(", ", permissions);
    }
}
