using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModularMonolith.EndToEnd.Tests.HttpFiles;

namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>The files of requests of those modules that have no tour written by hand: what they show is their tour. A new module is part of everything that stands on the tours by its own file alone.</summary>
internal static partial class FilesTour
{
    /// <summary>Sends the requests of the files, each from top to bottom. Last, because it goes by what the tour has done so far.</summary>
    /// <param name="tour">The tour.</param>
    /// <param name="document">The description of the API.</param>
    /// <returns>The operations that the files say they cannot show, with the reasons.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> FilesAsync(this Tour tour, JsonNode document)
    {
        var toured = tour.Traces.Keys.Select(ModuleOf).ToHashSet(StringComparer.Ordinal);
        var operations = DescriptionTests.Operations(document).Select(static operation => operation.Name).ToList();
        var notToured = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "HttpFiles"), "*.http").Order(StringComparer.Ordinal))
        {
            var module = Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
            var file = HttpFile.Read(path);
            foreach (var (operation, reason) in file.NotToured)
            {
                Assert.True(ModuleOf(operation) == module, $"{Path.GetFileName(path)} says of {operation}, which is not of its module, that it is not toured.");
                notToured.Add(operation, reason);
            }

            if (!toured.Contains(module))
            {
                await FileAsync(tour, file, [.. operations.Where(operation => ModuleOf(operation) == module && !operation.StartsWith("GET ", StringComparison.Ordinal))]);
            }
        }

        return notToured;
    }

    private static async Task FileAsync(Tour tour, HttpFile file, IReadOnlyList<string> operations)
    {
        file.Set("host", string.Empty);
        file.Set("password", HostSettings.AdminPassword);
        using var api = tour.Callers.Anonymous();
        foreach (var request in file.Requests)
        {
            var filled = file.Filled(request);
            if (request.Status is null && Find(operations, filled) is var (operation, values))
            {
                object? body = filled.Body.Length == 0 ? null : filled.MediaType == "application/json" ? JsonNode.Parse(filled.Body) : filled.Content();
                file.Note(request, await tour.ActAsync(api, operation, body, values, [.. filled.Headers]));
            }
            else
            {
                var answer = await file.SendAsync(request, api);
                Assert.True(request.Status is { } status ? answer.Code == status : answer.Code is >= 200 and < 300, $"'{request.Title}': {answer}");
            }
        }
    }

    // The operation that an address is of, and the values of its path and its query as a tour takes them.
    private static (string Operation, string Values)? Find(IReadOnlyList<string> operations, FilledRequest request)
    {
        var parts = request.Address.Split('?', 2);
        foreach (var operation in operations)
        {
            var match = Regex.Match($"{request.Method} {parts[0]}", "^" + PathParameter().Replace(operation, "([^/]+)") + "$", RegexOptions.NonBacktracking);
            if (match.Success)
            {
                return (operation, string.Join(',', match.Groups.Values.Skip(1).Select(static group => group.Value).Concat(parts.Skip(1).Select(static query => "?" + query))));
            }
        }

        return null;
    }

    private static string ModuleOf(string operation) => operation.Split('/') is [_, "api", var module, ..] ? module : string.Empty;

    [GeneratedRegex("{[a-zA-Z]+}")]
    private static partial Regex PathParameter();
}
