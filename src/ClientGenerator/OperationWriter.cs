using System.Text.RegularExpressions;

namespace ModularMonolith.ClientGenerator;

/// <summary>Writes the methods for one operation.</summary>
internal sealed partial class OperationWriter(Operation operation, CodeWriter code)
{
    private const string Cancellation = "global::System.Threading.CancellationToken cancellationToken = default";
    private const string Task = "global::System.Threading.Tasks.Task";
    private const string MediaType = "mediaType";

    public void Write()
    {
        var parameters = Ordered(operation.Parameters.Where(static parameter => parameter.Wire != "If-None-Match"));
        if (operation.IsPaged)
        {
            Write($"{operation.Name}PageAsync", $"{Task}<{operation.AnswerType}>", parameters, "One page of the list.", "SendAsync");
            WriteList([.. parameters.Where(static parameter => parameter.Wire != "cursor")]);
        }
        else if (operation.IsConditional)
        {
            Write($"{operation.Name}Async", $"{Task}<Versioned<{operation.AnswerType}>>", parameters, "The resource with its version.", "SendVersionedAsync");
            var unchanged = new Parameter("If-None-Match", "header", "string", true, "The ETag of the version that the caller has.");
            Write($"{operation.Name}IfChangedAsync", $"{Task}<Versioned<{operation.AnswerType}>?>", Ordered(parameters.Append(unchanged)), "The resource with its version, or null when it still is the one that the caller has.", "SendConditionalAsync");
        }
        else if (operation.Answer == AnswerKind.Json)
        {
            var (type, method) = operation.IsVersioned ? ($"Versioned<{operation.AnswerType}>", "SendVersionedAsync") : (operation.AnswerType, "SendAsync");
            Write($"{operation.Name}Async", $"{Task}<{type}>", parameters, "What the operation answers.", method);
        }
        else if (operation.Answer == AnswerKind.Stream)
        {
            Write($"{operation.Name}Async", $"{Task}<global::System.IO.Stream>", parameters, "The answer's body, of which the caller disposes.", "SendForStreamAsync");
        }
        else
        {
            Write($"{operation.Name}Async", Task, parameters, "A task that ends with the answer.", "SendWithoutAnswerAsync");
        }
    }

    [GeneratedRegex(@"\{([^}:?*]+)[^}]*\}")]
    private static partial Regex Template();

    // Those that have to be given come first: of them the address, the body, then what guards it.
    private static List<Parameter> Ordered(IEnumerable<Parameter> parameters) => [.. parameters.OrderBy(static parameter => (parameter.IsRequired, parameter.In) switch
    {
        (true, "path") => 0,
        (true, _) => 1,
        (false, "header") => 3,
        _ => 2,
    })];

    private void Write(string name, string type, List<Parameter> parameters, string returns, string send)
    {
        Describe(parameters, hasBody: true);
        code.Comment("returns", returns);
        code.Comment("exception cref=\"ApiException\"", "The API refused the request, or failed.");
        Deprecate();
        code.Line($"public {type} {name}({Signature(parameters, true)}) =>");
        var generic = type.Contains('<', StringComparison.Ordinal) && send != "SendForStreamAsync" ? $"<{operation.AnswerType}>" : string.Empty;
        code.Line($"    _connection.{send}{generic}({Request(parameters)}, cancellationToken);");
    }

    private void WriteList(List<Parameter> parameters)
    {
        Describe(parameters, hasBody: false);
        code.Comment("returns", "All items, page by page as they are asked for.");
        code.Comment("exception cref=\"ApiException\"", "The API refused the request, or failed.");
        Deprecate();
        code.Line($"public global::System.Collections.Generic.IAsyncEnumerable<{operation.Item}> {operation.Name}Async({Signature(parameters, false)}) =>");
        var names = string.Join(", ", parameters.Select(static parameter => $"{parameter.Name}: {parameter.Name}").Append("cursor: cursor").Append("cancellationToken: cancellation"));
        code.Line($"    Pages.FollowAsync<{operation.Item}>((cursor, cancellation) => {operation.Name}PageAsync({names}), cancellationToken);");
    }

    private void Describe(List<Parameter> parameters, bool hasBody)
    {
        code.Line();
        code.Comment("summary", operation.Summary);
        foreach (var parameter in parameters)
        {
            code.Comment($"param name=\"{parameter.Name.TrimStart('@')}\"", parameter.Wire == "Idempotency-Key" ? parameter.Description + " A new one when it is left out." : parameter.Description);
        }

        if (hasBody && operation.Body != BodyKind.None)
        {
            code.Comment("param name=\"body\"", operation.Body == BodyKind.Form ? "The fields of the form." : "What is sent.");
        }

        if (hasBody && operation.Body == BodyKind.Stream)
        {
            code.Comment($"param name=\"{MediaType}\"", "What the body is.");
        }

        code.Comment("param name=\"cancellationToken\"", "Gives the request up.");
    }

    private void Deprecate()
    {
        if (operation.IsDeprecated)
        {
            code.Line("[global::System.Obsolete(\"The end of this operation is announced. See its Sunset header.\")]");
        }
    }

    private string Signature(List<Parameter> parameters, bool hasBody)
    {
        var parts = parameters.Where(static parameter => parameter is { IsRequired: true, In: "path" }).Select(Required).ToList();
        if (hasBody && operation.Body != BodyKind.None && (operation.IsBodyRequired || operation.Body != BodyKind.Json))
        {
            parts.Add($"{operation.BodyType} body");
        }

        if (hasBody && operation.Body == BodyKind.Stream)
        {
            parts.Add($"string {MediaType}");
        }

        parts.AddRange(parameters.Where(static parameter => parameter is { IsRequired: true, In: not "path" }).Select(Required));
        if (hasBody && operation is { Body: BodyKind.Json, IsBodyRequired: false })
        {
            parts.Add($"{operation.BodyType}? body = null");
        }

        parts.AddRange(parameters.Where(static parameter => !parameter.IsRequired).Select(static parameter => $"{parameter.Type} {parameter.Name} = null"));
        return string.Join(", ", parts.Append(Cancellation));
    }

    private static string Required(Parameter parameter) => $"{parameter.Type} {parameter.Name}";

    private string Request(List<Parameter> parameters)
    {
        var path = Template().Replace(operation.Path, match => $"{{ApiRequest.Segment({Naming.Camel(match.Groups[1].Value)})}}");
        var request = $"new ApiRequest(global::System.Net.Http.HttpMethod.{operation.Method}, ${Naming.Literal(path)})";
        foreach (var parameter in parameters.Where(static parameter => parameter.In != "path"))
        {
            request += parameter.Wire == "Idempotency-Key"
                ? $".Header({Naming.Literal(parameter.Wire)}, {parameter.Name} ?? ApiRequest.NewKey())"
                : $".{Naming.Pascal(parameter.In)}({Naming.Literal(parameter.Wire)}, {parameter.Name})";
        }

        return request + operation.Body switch
        {
            BodyKind.Json => ".Json(body)",
            BodyKind.Form => ".Form(body)",
            BodyKind.Stream => $".Stream(body, {MediaType})",
            _ => string.Empty,
        };
    }
}
