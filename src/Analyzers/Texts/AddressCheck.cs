using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Analyzers.Texts;

/// <summary>Calls of the product's own API: addresses in types that send HTTP.</summary>
internal sealed class AddressCheck
{
    private const string Feature = "IServerAddressesFeature";

    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"];

    private static readonly HashSet<string> Clients =
    [
        "System.Net.Http.HttpClient", "System.Net.Http.HttpMessageInvoker", "System.Net.Http.HttpRequestMessage", "System.Net.Http.Json.HttpClientJsonExtensions", "System.Net.WebRequest", "System.Net.WebClient",
        "RestSharp.RestClient", "RestSharp.RestRequest", "System.Net.Http.IHttpClientFactory",
    ];

    private readonly Dictionary<string, string> _modules;

    public AddressCheck(ModulePlace place) =>
        _modules = place.Modules.Values.Distinct().ToDictionary(static name => name, static name => name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a type is one that sends HTTP requests.</summary>
    public static bool IsClient(ITypeSymbol? type) => type is { Name: "HttpClient" or "HttpMessageInvoker" or "HttpRequestMessage" or "HttpClientJsonExtensions" or "WebRequest" or "WebClient" or "RestClient" or "RestRequest" or "IHttpClientFactory" }
        && Clients.Contains(type.ContainingNamespace.ToDisplayString() + "." + type.Name);

    /// <summary>Whether a call is about the addresses of the server: a member of the feature, or one that is asked for it.</summary>
    public static bool IsOwnAddress(IMethodSymbol method) => method.ContainingType.Name == Feature || method.TypeArguments.Any(static type => type.Name == Feature);

    public void Check(TextMember member, CancellationToken cancellationToken)
    {
        if (member.Texts.OwnAddress is { } own)
        {
            member.Found(Rules.NoHttpToOurselves, own.Syntax.GetLocation(), "asks for the address of its own host");
        }

        foreach (var known in member.Texts.Texts)
        {
            var text = known.Text;
            var what = text.Contains("api/", StringComparison.OrdinalIgnoreCase) && Route(text) is { } route ? $"calls {route} of the product's own API"
                : text.IndexOf("://", StringComparison.Ordinal) is > 0 and var host && StartsLocally(text[(host + 3)..]) ? $"calls {text.Replace(TextUse.Hole, '…')}, its own machine"
                : null;
            if (what is not null && !IsAnswered(known.Operation, cancellationToken) && (member.Texts.SendsHttp || IsInClient(member.Symbol, known.Operation, cancellationToken)))
            {
                member.Found(Rules.NoHttpToOurselves, known.Operation.Syntax.GetLocation(), what);
            }
        }
    }

    // Redirects and the locations of what was made are for the client.
    private static bool IsAnswered(IOperation operation, CancellationToken cancellationToken)
    {
        var statement = operation.Syntax.FirstAncestorOrSelf<SyntaxNode>(static node => node is StatementSyntax or ArrowExpressionClauseSyntax or LambdaExpressionSyntax);
        if (operation.SemanticModel is not { } model || statement is null)
        {
            return false;
        }

        var owners = statement.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => model.GetSymbolInfo(name, cancellationToken).Symbol).Where(static symbol => symbol is IMethodSymbol or IPropertySymbol)
            .Select(static symbol => symbol!.ContainingType).ToList();
        return owners.Exists(static type => type is { Name: "Results" or "TypedResults" or "HttpResponse" or "IHeaderDictionary" or "HeaderDictionary" } && type.ContainingNamespace.ToDisplayString() == "Microsoft.AspNetCore.Http")
            && !owners.Exists(static type => IsClient(type));
    }

    // An address is one where its type, or one around it, sends somewhere in the same file. Few texts look like addresses, so that few types are looked at.
    private static bool IsInClient(ISymbol member, IOperation operation, CancellationToken cancellationToken)
    {
        var outermost = member.ContainingType;
        while (outermost?.ContainingType is { } around)
        {
            outermost = around;
        }

        return operation.SemanticModel is { } model && outermost is not null && outermost.DeclaringSyntaxReferences.Where(declared => declared.SyntaxTree == model.SyntaxTree)
            .SelectMany(declared => declared.GetSyntax(cancellationToken).DescendantNodes())
            .Where(static node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax)
            .Any(node => model.GetSymbolInfo(node, cancellationToken).Symbol is { } symbol && symbol is IMethodSymbol or IPropertySymbol { Name: not "Timeout" } && IsClient(symbol.ContainingType));
    }

    // "/api/inventory/…", with a version or not; behind a host that is known and not this machine it is somebody else's.
    private string? Route(string text)
    {
        var start = text.IndexOf("api/", StringComparison.OrdinalIgnoreCase);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if ((start > 0 && text[start - 1] is not ('/' or TextUse.Hole)) || (scheme >= 0 && scheme < start && !IsOurs(text[(scheme + 3)..])))
        {
            return null;
        }

        foreach (var segment in text[(start + 4)..].Split('/').Take(2))
        {
            var name = segment.Split('?', '#')[0];
            if (_modules.TryGetValue(name, out var module))
            {
                return "/api/" + module;
            }

            if (!(name.Length > 1 && name[0] is 'v' or 'V' && char.IsAsciiDigit(name[1])))
            {
                return null;
            }
        }

        return null;
    }

    private static bool IsOurs(string host) => host.Length == 0 || host[0] == TextUse.Hole || StartsLocally(host);

    private static bool StartsLocally(string host) => Array.Exists(LocalHosts, name => host.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}
