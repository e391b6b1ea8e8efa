using ModularMonolith.Architecture.Graph;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Ways between modules by addresses and names instead of Contracts.</summary>
public static class AddressRules
{
    private const string OwnAddress = "IServerAddressesFeature";

    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"];

    private static readonly string[] Listening = ["urls", "ASPNETCORE_URLS", "DOTNET_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "HTTP_PORTS", "HTTPS_PORTS", "Kestrel:"];

    /// <summary>Modules do not call the product's own API.</summary>
    public static readonly Rule NoHttpToOurselves = new(
        "no-http-to-ourselves",
        "A call of the product's own API goes out to the network and back into the same process: it has no transaction, no caller's identity and no contract that the compiler checks, and two of them wait for each other under load.",
        "Send the other module's request through ISender; it is answered in process, and over the network when the module runs elsewhere.",
        static context =>
        {
            var modules = context.Graph.Modules.DistinctBy(static module => module.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(static module => module.Name, StringComparer.OrdinalIgnoreCase);
            var clients = ModuleCode.Using(context.Graph, Sends).Select(static member => (member.Assembly.Name, ModuleCode.Outermost(member.Type))).ToHashSet();
            var asking = ModuleCode.SetUsing(context.Graph, static (type, _) => type.Name == OwnAddress);
            return Outcome.Of(ModuleCode.Members(context.Graph), member => Calls(context.Graph, member, modules, clients, asking));
        })
    {
        Plant = static canary => canary.Code("CallsItsOwnHost", (module, code) =>
        {
            code.Emit(OpCodes.Ldnull);
            code.Emit(OpCodes.Ldstr, $"/api/{canary.Other.Name}/things");
            code.Emit(OpCodes.Callvirt, Canary.Method(module, Canary.Type(module, "System.Net.Http", "System.Net.Http.HttpClient"), "GetStringAsync", false, module.TypeSystem.String));
        }),
    };

    /// <summary>Events of others are listened to by their types, or where the manifest says so.</summary>
    public static readonly Rule EventsByName = new(
        "events-by-name",
        "The stored name of another module's event in a text is a dependency that the manifest does not declare: the host starts without that module, and nothing tells who listens when the event changes.",
        "Handle the event's type from the other module's Contracts, and name the module in DependsOn.",
        static context =>
        {
            var events = new Dictionary<string, Module>(StringComparer.Ordinal);
            foreach (var module in context.Graph.Modules)
            {
                foreach (var name in module.Assemblies.SelectMany(static assembly => assembly.Types).Select(static type => type.Attribute(WellKnown.EventName)))
                {
                    if (name?.Arguments is [var stored, ..])
                    {
                        events.TryAdd(stored, module);
                    }
                }
            }

            return Outcome.Of(ModuleCode.Members(context.Graph), member => Named(context.Graph, events, member));
        })
    {
        Plant = static canary =>
        {
            var name = canary.Context.Graph.Modules.Where(other => other.Folder != canary.Module.Folder && canary.Module.Manifest?.DependsOn.Contains(other.Name) != true)
                .SelectMany(static other => other.Contracts?.Types ?? []).Select(static type => type.Attribute(WellKnown.EventName)).FirstOrDefault(static found => found is { Arguments.Count: > 0 })
                ?? throw new ArchitectureException("There is no event of a module on which this one does not depend.");
            canary.Code("ListensByName", (_, code) =>
            {
                code.Emit(OpCodes.Ldstr, name.Arguments[0]);
                code.Emit(OpCodes.Pop);
            });
        },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [NoHttpToOurselves, EventsByName];

    private static bool Sends(TypeName type, string? called) => called is not null and not "set_Timeout"
        && type.FullName is "System.Net.Http.HttpClient" or "System.Net.Http.HttpMessageInvoker" or "System.Net.Http.HttpRequestMessage" or "System.Net.Http.Json.HttpClientJsonExtensions" or "System.Net.WebRequest"
            or "System.Net.WebClient" or "RestSharp.RestClient" or "RestSharp.RestRequest" or "System.Net.Http.IHttpClientFactory";

    private static IEnumerable<Finding> Calls(CodeGraph graph, MemberOf member, Dictionary<string, Module> modules, HashSet<(string, string)> clients, HashSet<MemberFacts> asking)
    {
        if (asking.Contains(member.Member))
        {
            yield return member.Finding(member.Member.Uses.First(static use => use.Target.Name == OwnAddress), "asks for the address of its own host") with { Kind = EdgeKind.Http };
        }

        if (!clients.Contains((member.Assembly.Name, ModuleCode.Outermost(member.Type))))
        {
            yield break;
        }

        foreach (var use in member.Member.Uses)
        {
            if (AddressOf(member.Member, use) is { } address)
            {
                yield return member.Finding(use, address);
            }
        }

        foreach (var text in member.Member.Texts)
        {
            if (IsAnswered(member.Member, text))
            {
                continue;
            }

            if (text.Text.Contains("api/", StringComparison.OrdinalIgnoreCase) && Route(text.Text, modules) is { } route)
            {
                yield return member.Finding($"calls {route} of the product's own API", SourceLines.OfText(graph, text.Span, text.Text) ?? text.Span) with { To = route, Kind = EdgeKind.Http };
            }
            else if (text.Text.IndexOf("://", StringComparison.Ordinal) is > 0 and var host && Array.Exists(LocalHosts, name => text.Text.AsSpan(host + 3).StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            {
                yield return member.Finding($"calls {text.Text.Replace(TextUse.Hole, '…')}, its own machine", SourceLines.OfText(graph, text.Span, text.Text) ?? text.Span) with { To = text.Text.Replace(TextUse.Hole, '…'), Kind = EdgeKind.Http };
            }
        }
    }

    // A link that is sent to, the address of the request that is being answered, or the setting that says where the host listens.
    private static string? AddressOf(MemberFacts member, Use use)
    {
        switch (use.Target.FullName)
        {
            case "Microsoft.AspNetCore.Routing.LinkGenerator" or "Microsoft.AspNetCore.Routing.LinkGeneratorEndpointNameAddressExtensions" or "Microsoft.AspNetCore.Routing.LinkGeneratorRouteValuesAddressExtensions"
                when use.Member!.StartsWith("Get", StringComparison.Ordinal) && IsSent(member, use):
                return "calls a link to the product's own API";
            case "Microsoft.AspNetCore.Http.HttpRequest" when use.Member == "get_Host" && IsSent(member, use):
                return "calls the address at which it was called itself";
            case "Microsoft.Extensions.Configuration.IConfiguration" or "System.Environment"
                when use.Texts.Any(static text => text is not null && Array.Exists(Listening, name => text.Equals(name, StringComparison.OrdinalIgnoreCase) || (name[^1] == ':' && text.StartsWith(name, StringComparison.OrdinalIgnoreCase)))):
                return "asks for the address of its own host";
            default:
                return null;
        }
    }

    // Redirects and the locations of what was made are for the client.
    private static bool IsAnswered(MemberFacts member, TextUse text) => text.Span is not null && !member.Uses.Any(use => Sends(use.Target, use.Member) && use.Span == text.Span)
        && member.Uses.Any(use => use.Span == text.Span && use.Target.FullName is "Microsoft.AspNetCore.Http.Results" or "Microsoft.AspNetCore.Http.TypedResults" or "Microsoft.AspNetCore.Http.HttpResponse"
            or "Microsoft.AspNetCore.Http.IHeaderDictionary" or "Microsoft.AspNetCore.Http.HeaderDictionary");

    private static bool IsSent(MemberFacts member, Use use) => member.Uses.Any(found => Sends(found.Target, found.Member) && ModuleCode.IsSameStatement(use, found));

    // "/api/inventory/…", with a version or not; behind a host that is known and not this machine it is somebody else's.
    private static string? Route(string text, Dictionary<string, Module> modules)
    {
        var start = text.IndexOf("api/", StringComparison.OrdinalIgnoreCase);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (start < 0 || (start > 0 && text[start - 1] is not ('/' or TextUse.Hole)) || (scheme >= 0 && scheme < start && !IsOurs(text.AsSpan(scheme + 3))))
        {
            return null;
        }

        foreach (var segment in text[(start + 4)..].Split('/', 3).Take(2))
        {
            var name = segment.Split('?', '#')[0];
            if (modules.TryGetValue(name, out var module))
            {
                return "/api/" + module.Name;
            }

            if (!(name.Length > 1 && name[0] is 'v' or 'V' && char.IsAsciiDigit(name[1])))
            {
                return null;
            }
        }

        return null;
    }

    private static bool IsOurs(ReadOnlySpan<char> host) => host.Length == 0 || host[0] == TextUse.Hole || StartsLocally(host);

    private static bool StartsLocally(ReadOnlySpan<char> host)
    {
        foreach (var name in LocalHosts)
        {
            if (host.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Finding> Named(CodeGraph graph, Dictionary<string, Module> events, MemberOf member)
    {
        var ofType = member.Type.Attributes.Count > 0 && ReferenceEquals(member.Type.Members[0], member.Member) ? member.Type.Attributes : [];
        if (member.Member.Texts.Count + member.Member.Attributes.Count + ofType.Count == 0)
        {
            yield break;
        }

        var texts = member.Member.Texts.Select(static text => (text.Text, text.Span));
        if (member.Member.Attributes.Count + ofType.Count > 0)
        {
            var attributes = member.Member.Attributes.Concat(ofType);
            texts = texts.Concat(attributes.Where(static attribute => attribute.Type.FullName != WellKnown.EventName).SelectMany(static attribute => attribute.Arguments).Select(argument => (argument, member.Type.Place)));
        }

        var forwards = member.Member.Uses.Any(static use => use.Member == "AddForwarding");
        foreach (var (text, span) in texts)
        {
            foreach (var (name, owner) in Owners(graph, events, text, forwards))
            {
                if (owner.Folder != member.Module.Folder && member.Module.Manifest?.DependsOn.Contains(owner.Name) != true)
                {
                    yield return member.Finding($"names the event {name} of {owner.Folder}, on which the module does not depend", span) with { To = name, Kind = EdgeKind.Event };
                }
            }
        }
    }

    // The name alone; where events are forwarded the beginning of names; and a text in SQL.
    private static IEnumerable<(string Name, Module Owner)> Owners(CodeGraph graph, Dictionary<string, Module> events, string text, bool forwards)
    {
        if (events.TryGetValue(text, out var owner))
        {
            yield return (text, owner);
        }
        else if (forwards && text.EndsWith(".*", StringComparison.Ordinal) && graph.Modules.FirstOrDefault(module => text.StartsWith(module.Name + ".", StringComparison.Ordinal)) is { } module)
        {
            yield return (text, module);
        }
        else if (text.Contains('\'', StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal))
        {
            foreach (var part in text.Split('\''))
            {
                if (events.TryGetValue(part, out var stored))
                {
                    yield return (part, stored);
                }
            }
        }
    }
}
