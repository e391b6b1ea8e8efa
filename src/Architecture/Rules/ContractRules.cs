using System.Globalization;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What Contracts hold.</summary>
public static class ContractRules
{
    private static readonly string[] Infrastructure = ["Marten", "JasperFx", "Weasel", "Npgsql", "Carter", "FluentValidation", "Microsoft.AspNetCore", "Microsoft.Extensions", "System.Data", "System.Net.Http"];

    private static readonly string[] Waiting = ["System.Threading.Tasks.Task", "System.Threading.Tasks.Task`1", "System.Threading.Tasks.ValueTask", "System.Threading.Tasks.ValueTask`1", "System.Collections.Generic.IAsyncEnumerable`1"];

    private const string Attribute = "System.Attribute";

    /// <summary>Contracts are messages.</summary>
    public static readonly Rule ContractsHoldNoBehaviour = new(
        "contracts-hold-no-behaviour",
        "Contracts say what can be asked and what has happened. A store, a handler, an endpoint or a service in them would run in every module that refers to them.",
        "Move the type into the module's own project. What others call as a service is a request: a record that implements IQuery or ICommand, sent through ISender.",
        static context => Outcome.Of(
            context.Graph.Contracts().Where(static pair => pair.Assembly.Types.Count > 0),
            pair => Edges.InCode(pair.Assembly, IsBehaviour).Select(edge => Finding.Of(edge, pair.Module, "is more than a message: " + Wording.Of(context.Graph, edge)))
                .Concat(pair.Assembly.Types.SelectMany(type => Services(context.Graph, pair.Module, type).Concat(Contents(context.Graph, pair.Module, type))))))
    {
        Plant = static canary => canary.Uses(new TypeName("Marten", "Marten.IDocumentSession", []), inContracts: true),
    };

    /// <summary>Contracts do not grow without end.</summary>
    public static readonly Rule ContractsStaySmall = new(
        "contracts-stay-small",
        "A module that shows everything has no inside, and whatever it changes breaks somebody.",
        "Make internal or remove what no other module uses, or split the module where its Contracts fall into two.",
        static context => Outcome.Of(context.Graph.Contracts(), pair => pair.Assembly.Types.Count(context.Graph.IsVisible) is var count && count <= context.Policy.ContractTypesAtMost
            ? []
            : [new Finding(pair.Module.Folder + ".Contracts", string.Create(CultureInfo.InvariantCulture, $"has more than {context.Policy.ContractTypesAtMost} public types"))
            {
                Module = pair.Module.Folder,
                Span = Subjects.Start(context.Graph.ProjectOf(pair.Assembly.Name)!.Path),
                Suggestion = string.Create(CultureInfo.InvariantCulture, $"There are {count}."),
            }]))
    {
        Plant = static canary =>
        {
            for (var i = 0; i <= canary.Context.Policy.ContractTypesAtMost; i++)
            {
                var type = canary.Class("Message" + i.ToString(CultureInfo.InvariantCulture), canary.Contracts);
                type.Attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | TypeAttributes.Public;
            }
        },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [ContractsHoldNoBehaviour, ContractsStaySmall];

    // What a message cannot carry: it is read later, elsewhere, by somebody who has nothing but its text.
    private static readonly string[] NoValues =
    [
        "System.Linq.IQueryable", "System.Linq.IQueryable`1", "System.Linq.Expressions.", "System.IO.Stream", "System.Security.Claims.", "System.IServiceProvider", "System.Delegate", "System.Action", "System.Func`",
        "System.Reflection.", "System.Type", "System.Threading.CancellationToken", "System.Threading.Timer", "System.Predicate`1", "System.Threading.Channels.", "System.Linq.Expressions.Expression`1",
    ];

    private static IEnumerable<Finding> Contents(CodeGraph graph, Module module, TypeFacts type)
    {
        if (type.Kind == TypeKind.Delegate && graph.IsVisible(type))
        {
            yield return Finding.Of(type, null, module, "is a call, not a message");
            yield break;
        }

        if (!graph.IsVisible(type) || graph.IsA(type, Attribute))
        {
            yield break;
        }

        foreach (var member in type.Members.Where(static member => member.Visibility is Visibility.Public or Visibility.Protected && !member.Is(MemberFlags.Constant)))
        {
            var shown = member.Kind == MemberKind.Property || (member.Kind == MemberKind.Field && !member.Is(MemberFlags.Generated)) ? member.Type : null;
            if (Changes(type, member))
            {
                yield return Place(graph, Finding.Of(type, member, module, "can be changed after it was made"), type, member) with { Suggestion = "Make it a parameter of a record, or { get; init; }." };
            }
            else if (shown?.Flatten().FirstOrDefault(static part => Array.Exists(NoValues, name => part.FullName == name || (name[^1] is '.' or '`' && part.FullName.StartsWith(name, StringComparison.Ordinal)))) is { } strange)
            {
                yield return Place(graph, Finding.Of(type, member, module, $"carries {Describe.Target(strange, null)}, which is no value"), type, member) with { To = Describe.Target(strange, null), Kind = EdgeKind.TypeUse };
            }
        }
    }

    // Symbols do not know where a member without code stands.
    private static Finding Place(CodeGraph graph, Finding finding, TypeFacts type, MemberFacts member) =>
        SourceLines.Find(graph, type.Place, "public", member.Name) is { } place && (member.Place is null || member.Place == type.Place) ? finding with { Span = place } : finding;

    private static bool Changes(TypeFacts type, MemberFacts member) => member.Kind switch
    {
        MemberKind.Property => member.Is(MemberFlags.Settable) && type.Members.Any(setter => setter.Name == "set_" + member.Name && setter.Visibility is Visibility.Public or Visibility.Protected),
        MemberKind.Field => type.Kind != TypeKind.Enum && !member.Is(MemberFlags.ReadOnly),
        _ => false,
    };

    private static bool IsBehaviour(TypeName type)
    {
        var name = type.FullName;
        return Array.Exists(Infrastructure, space => name.StartsWith(space, StringComparison.Ordinal) && (name.Length == space.Length || name[space.Length] == '.'))
            || (name.StartsWith("MediatR.", StringComparison.Ordinal) && (name.Contains("Handler", StringComparison.Ordinal) || name is "MediatR.INotification" or "MediatR.ISender" or "MediatR.IMediator" or "MediatR.IPublisher"));
    }

    private static IEnumerable<Finding> Services(CodeGraph graph, Module module, TypeFacts type) =>
        from member in type.Members
        where member.Kind == MemberKind.Method && !member.Is(MemberFlags.Generated | MemberFlags.Override) && member.Visibility != Visibility.Private && !IsAccessor(member)
        let what = type.Kind is TypeKind.Interface or TypeKind.Class && member.Is(MemberFlags.Abstract) && !member.Is(MemberFlags.Static) ? "is a service: what it does is for the module that has it"
            : member.Type is { } answer && Array.IndexOf(Waiting, answer.FullName) >= 0 ? "works asynchronously: that is no message" : null
        where what is not null
        select Place(graph, Finding.Of(type, member, module, what), type, member) with { Suggestion = $"Make {member.Name} a request of its own, which {module.Folder} handles and others send through ISender." };

    private static bool IsAccessor(MemberFacts member) => member.Name.Contains("get_", StringComparison.Ordinal) || member.Name.Contains("set_", StringComparison.Ordinal);
}
