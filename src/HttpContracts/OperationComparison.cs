using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts;

/// <summary>Compares one operation with its next version.</summary>
internal sealed class OperationComparison(JsonObject before, JsonObject after, string operation, List<ContractChange> changes)
{
    private static readonly string[] Forms = ["style", "explode"];

    public void Compare(JsonObject old, JsonObject current)
    {
        if ((string?)old["operationId"] != (string?)current["operationId"])
        {
            Breaks("operation-renamed", "/operationId", $"'{old["operationId"]}' is called '{current["operationId"]}' now: methods of generated clients bear the name.");
        }

        if ((bool?)current["deprecated"] == true && (bool?)old["deprecated"] != true)
        {
            Allows("operation-deprecated", "/deprecated", "The end of the operation is announced.");
        }

        CompareSecurity(old["security"]?.AsArray(), current["security"]?.AsArray());
        CompareParameters(old, current);
        CompareBodies(old["requestBody"], current["requestBody"]);
        CompareAnswers(old["responses"]?.AsObject() ?? [], current["responses"]?.AsObject() ?? []);
    }

    private static string Escape(string member) => member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    // A caller of before satisfies one of the old requirements, and must satisfy one of the new ones with no more than that.
    private void CompareSecurity(JsonArray? old, JsonArray? current)
    {
        var now = Requirements(current);
        foreach (var credentials in Requirements(old).Where(credentials => !now.Any(credentials.IsSupersetOf)))
        {
            Breaks("security-tightened", "/security", credentials.Count == 0
                ? "The operation could be called without credentials and cannot any more."
                : $"Credentials that were enough ({string.Join(", ", credentials.Order(StringComparer.Ordinal))}) are not enough any more.");
        }

        if (Requirements(current).Any(credentials => !Requirements(old).Any(credentials.IsSupersetOf)))
        {
            Allows("security-loosened", "/security", "Other or fewer credentials are enough now.");
        }
    }

    // No requirement at all asks for nothing, as does an empty one.
    private static List<HashSet<string>> Requirements(JsonArray? security) => security is not { Count: > 0 } ? [[]]
        : [.. security.Select(static requirement => requirement!.AsObject()
            .SelectMany(static scheme => scheme.Value!.AsArray().Select(permission => $"{scheme.Key} {permission}").Prepend(scheme.Key)).ToHashSet(StringComparer.Ordinal))];

    private void CompareParameters(JsonObject old, JsonObject current)
    {
        var past = Parameters(before, old);
        var present = Parameters(after, current);
        foreach (var (key, parameter) in past)
        {
            var place = "/parameters/" + Escape(key);
            if (!present.TryGetValue(key, out var still))
            {
                Breaks("parameter-removed", place, "The parameter is gone: unknown parameters are refused, and known ones had an effect.");
                continue;
            }

            if (IsRequired(still) && !IsRequired(parameter))
            {
                Breaks("parameter-required", place, "The parameter could be left out and cannot any more.");
            }
            else if (IsRequired(parameter) && !IsRequired(still))
            {
                Allows("parameter-optional", place, "The parameter can be left out now.");
            }

            foreach (var form in Forms.Where(form => !JsonNode.DeepEquals(parameter[form], still[form])))
            {
                Breaks("parameter-form", $"{place}/{form}", "The parameter is written in another way.");
            }

            Schemas(Direction.Request).Compare(parameter["schema"], still["schema"], place + "/schema");
        }

        foreach (var (key, parameter) in present.Where(pair => !past.ContainsKey(pair.Key)))
        {
            Report(IsRequired(parameter), "parameter-added", "/parameters/" + Escape(key), IsRequired(parameter) ? "A parameter is asked for that no client sends yet." : "There is another parameter.");
        }
    }

    private static Dictionary<string, JsonObject> Parameters(JsonObject document, JsonObject operation) => (operation["parameters"]?.AsArray() ?? [])
        .Select(parameter => ContractDocument.Resolve(document, parameter!))
        .ToDictionary(static parameter => $"{parameter["in"]}:{((string?)parameter["in"] == "header" ? ((string)parameter["name"]!).ToLowerInvariant() : parameter["name"])}", StringComparer.Ordinal);

    private static bool IsRequired(JsonObject described) => (bool?)described["required"] == true;

    private void CompareBodies(JsonNode? old, JsonNode? current)
    {
        const string Place = "/requestBody";
        if (old is null)
        {
            if (current is not null)
            {
                var required = IsRequired(ContractDocument.Resolve(after, current));
                Report(required, "body-added", Place, required ? "A body is asked for that no client sends yet." : "A body can be sent now.");
            }

            return;
        }

        if (current is null)
        {
            Breaks("body-removed", Place, "The operation takes no body any more.");
            return;
        }

        var (past, present) = (ContractDocument.Resolve(before, old), ContractDocument.Resolve(after, current));
        if (IsRequired(present) && !IsRequired(past))
        {
            Breaks("body-required", Place + "/required", "The body could be left out and cannot any more.");
        }
        else if (IsRequired(past) && !IsRequired(present))
        {
            Allows("body-optional", Place + "/required", "The body can be left out now.");
        }

        CompareContent(past["content"], present["content"], Direction.Request, Place);
    }

    private void CompareAnswers(JsonObject old, JsonObject current)
    {
        foreach (var (status, described) in old)
        {
            var place = "/responses/" + status;
            if (current[status] is not { } still)
            {
                // A refusal that does not happen any more harms nobody.
                Report(status[0] is '2' or '3' or 'd', "status-removed", place, $"The answer {status} is gone.");
                continue;
            }

            var (past, present) = (ContractDocument.Resolve(before, described!), ContractDocument.Resolve(after, still));
            CompareContent(past["content"], present["content"], Direction.Answer, place);
            CompareHeaders(past["headers"]?.AsObject() ?? [], present["headers"]?.AsObject() ?? [], place + "/headers");
        }

        foreach (var (status, _) in current.Where(answer => !old.ContainsKey(answer.Key)))
        {
            Allows("status-added", "/responses/" + status, $"The operation may answer {status} now.");
        }
    }

    private void CompareHeaders(JsonObject old, JsonObject current, string place)
    {
        foreach (var (name, described) in old)
        {
            if (current.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is not { } still)
            {
                Breaks("header-removed", $"{place}/{Escape(name)}", $"The header {name} is gone.");
                continue;
            }

            var (past, present) = (ContractDocument.Resolve(before, described!), ContractDocument.Resolve(after, still));
            if (IsRequired(past) && !IsRequired(present))
            {
                Breaks("header-optional", $"{place}/{Escape(name)}", $"The header {name} was always there and may be missing now.");
            }

            Schemas(Direction.Answer).Compare(past["schema"], present["schema"], $"{place}/{Escape(name)}/schema");
        }

        foreach (var (name, _) in current.Where(header => !old.Any(past => past.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase))))
        {
            Allows("header-added", $"{place}/{Escape(name)}", $"The header {name} is new.");
        }
    }

    private void CompareContent(JsonNode? old, JsonNode? current, Direction direction, string place)
    {
        var (past, present) = (old?.AsObject() ?? [], current?.AsObject() ?? []);
        foreach (var (type, described) in past)
        {
            var there = $"{place}/content/{Escape(type)}";
            if (present[type] is not { } still)
            {
                Breaks("media-type-removed", there, direction == Direction.Request ? $"{type} is not accepted any more." : $"{type} is not answered any more.");
                continue;
            }

            Schemas(direction).Compare(described!["schema"], still["schema"], there + "/schema");
        }

        foreach (var (type, _) in present.Where(content => !past.ContainsKey(content.Key)))
        {
            Allows("media-type-added", $"{place}/content/{Escape(type)}", $"{type} is possible, too.");
        }
    }

    private SchemaComparison Schemas(Direction direction) => new(before, after, direction, Report);

    private void Breaks(string kind, string place, string reason) => Report(true, kind, place, reason);

    private void Allows(string kind, string place, string reason) => Report(false, kind, place, reason);

    private void Report(bool isBreaking, string kind, string place, string reason) => changes.Add(new ContractChange(kind, operation, place, isBreaking, reason));
}

/// <summary>Which way a value goes: what is sent may not become narrower, what is read may not become wider.</summary>
internal enum Direction
{
    Request,
    Answer,
}
