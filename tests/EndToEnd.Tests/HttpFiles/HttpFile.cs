using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.HttpFiles;

/// <summary>
/// A file of requests as editors run them: requests with ### between, variables (<c>@name = value</c>, <c>{{name}}</c>), and answers of named requests
/// (<c># @name x</c>, <c>{{x.response.body.$.id}}</c>, <c>{{x.response.headers.ETag}}</c>). What cannot be shown in it says so: <c># @not-toured POST /api/x/webhooks It needs a signature.</c>
/// </summary>
internal sealed partial class HttpFile
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly List<HttpFileRequest> _requests = [];

    private HttpFile(string text)
    {
        NotToured = NotTouredLine().Matches(text.ReplaceLineEndings("\n")).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value, StringComparer.Ordinal);
        var lines = new List<string>();
        var title = string.Empty;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Append("###"))
        {
            if (line.StartsWith("###", StringComparison.Ordinal))
            {
                Add(title, lines);
                (title, lines) = (line[3..].Trim(), []);
            }
            else if (VariableLine().Match(line) is { Success: true } variable && lines.TrueForAll(static before => before.StartsWith('#') || before.Length == 0))
            {
                _variables[variable.Groups[1].Value] = variable.Groups[2].Value.Trim();
            }
            else
            {
                lines.Add(line);
            }
        }
    }

    public IReadOnlyList<HttpFileRequest> Requests => _requests;

    /// <summary>The operations of the module that change something and that the file does not show, each with the reason.</summary>
    public IReadOnlyDictionary<string, string> NotToured { get; }

    public static HttpFile Read(string path) => new(File.ReadAllText(path));

    /// <summary>Gives a variable another value than the file does.</summary>
    /// <exception cref="ArgumentException">The file has no such variable.</exception>
    public void Set(string name, string value) => _variables[name] = _variables.ContainsKey(name) ? value : throw new ArgumentException($"The file has no variable '{name}'.");

    public bool Has(string name) => _variables.ContainsKey(name);

    /// <summary>Sends a request as it stands there.</summary>
    public async Task<Answer> SendAsync(HttpFileRequest request, Api api)
    {
        var filled = Filled(request);
        using var content = filled.Body.Length == 0 ? null : filled.Content();
        var answer = await api.SendAsync(new HttpMethod(filled.Method), filled.Address, content, [.. filled.Headers]);
        Note(request, answer);
        return answer;
    }

    /// <summary>A request with the values of this moment in place of the variables.</summary>
    public FilledRequest Filled(HttpFileRequest request)
    {
        var headers = request.Headers.Select(header => (header.Name, Value: Fill(header.Value))).ToLookup(static header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase));
        return new FilledRequest(request.Title, request.Method, Fill(request.Address), [.. headers[false]], headers[true].FirstOrDefault().Value, Fill(request.Body));
    }

    /// <summary>Keeps what a request was answered, for those that refer to it.</summary>
    public void Note(HttpFileRequest request, Answer answer)
    {
        if (request.Name is { } name)
        {
            _answers[name] = answer;
        }
    }

    [GeneratedRegex(@"^# @not-toured ([A-Z]+ /\S+) +(\S.*)$", RegexOptions.Multiline)]
    private static partial Regex NotTouredLine();

    [GeneratedRegex(@"^@([A-Za-z][\w-]*)\s*=(.*)$")]
    private static partial Regex VariableLine();

    [GeneratedRegex(@"\{\{\s*([^{}]+?)\s*\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^(\w+)\.response\.(body|headers)\.(.+)$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\.([A-Za-z_][\w-]*)|\[(\d+)\]")]
    private static partial Regex PathStep();

    private void Add(string title, List<string> lines)
    {
        var start = lines.FindIndex(static line => line.Length > 0 && !line.StartsWith('#') && !line.StartsWith("//", StringComparison.Ordinal));
        if (start < 0)
        {
            return;
        }

        var comments = lines.Take(start).Select(static line => line.TrimStart('#', '/', ' ')).ToList();
        var request = lines[start].Split(' ', 2);
        var headers = lines.Skip(start + 1).TakeWhile(static line => line.Length > 0).Select(static line => line.Split(':', 2)).ToList();
        _requests.Add(new HttpFileRequest(
            title,
            Directive(comments, "name"),
            Directive(comments, "expect") is { } status ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) : null,
            request[0],
            request[1].Trim(),
            [.. headers.Select(static header => (header[0].Trim(), header[1].Trim()))],
            string.Join('\n', lines.Skip(start + 1 + headers.Count)).Trim('\n')));
    }

    private static string? Directive(IEnumerable<string> comments, string name) =>
        comments.FirstOrDefault(comment => comment.StartsWith($"@{name} ", StringComparison.Ordinal))?[(name.Length + 2)..].Trim();

    private string Fill(string text) => Placeholder().Replace(text, match => Value(match.Groups[1].Value));

    private string Value(string expression) => expression switch
    {
        "$guid" => Guid.NewGuid().ToString(),
        "$timestamp" => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ when Reference().Match(expression) is { Success: true } reference => Answered(reference),
        _ => Fill(_variables.TryGetValue(expression, out var value) ? value : throw new InvalidOperationException($"There is no variable '{expression}'.")),
    };

    private string Answered(Match reference)
    {
        var (name, part, path) = (reference.Groups[1].Value, reference.Groups[2].Value, reference.Groups[3].Value);
        var answer = _answers.TryGetValue(name, out var known) ? known : throw new InvalidOperationException($"No request before this one is called '{name}'.");
        if (part == "headers")
        {
            return answer.Headers.TryGetValue(path, out var header) ? header : throw new InvalidOperationException($"No header '{path}': {answer}");
        }

        var node = PathStep().Matches(path.TrimStart('$')).Aggregate<Match, JsonNode?>(answer.Json, static (node, step) => step.Groups[1].Success ? node?[step.Groups[1].Value] : node?[int.Parse(step.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)]);
        return node?.ToString() ?? throw new InvalidOperationException($"Nothing at '{path}': {answer}");
    }
}

/// <summary>A request as it stands in a file, with the status that it expects when that is none of success.</summary>
internal sealed record HttpFileRequest(string Title, string? Name, int? Status, string Method, string Address, IReadOnlyList<(string Name, string Value)> Headers, string Body);

/// <summary>A request that can be sent.</summary>
internal sealed record FilledRequest(string Title, string Method, string Address, IReadOnlyList<(string Name, string Value)> Headers, string? MediaType, string Body)
{
    /// <summary>What is sent as its body.</summary>
    public HttpContent Content() => Api.Bytes(System.Text.Encoding.UTF8.GetBytes(Body), MediaType ?? throw new InvalidOperationException($"'{Title}' has a body and no Content-Type."));
}
