using System.Globalization;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What Contracts hold.</summary>
public static class ContractRules
{
    private static readonly string[] Infrastructure = ["Marten", "JasperFx", "Weasel", "Npgsql", "Carter", "FluentValidation", "Microsoft.AspNetCore", "Microsoft.Extensions", "System.Data", "System.Net.Http"];

    private static readonly string[] Waiting = ["System.Threading.Tasks.Task", "System.Threading.Tasks.Task`1", "System.Threading.Tasks.ValueTask", "System.Threading.Tasks.ValueTask`1", "System.Collections.Generic.IAsyncEnumerable`1"];

    /// <summary>Contracts are messages.</summary>
    public static readonly Rule ContractsHoldNoBehaviour = new(
        "contracts-hold-no-behaviour",
        "Contracts say what can be asked and what has happened. A store, a handler, an endpoint or a service in them would run in every module that refers to them.",
        "Move the type into the module's own project. What others call as a service is a request: a record that implements IQuery or ICommand, sent through ISender.",
        static context => Outcome.Of(
            context.Graph.Contracts().Where(static pair => pair.Assembly.Types.Count > 0),
            pair => Edges.InCode(pair.Assembly, IsBehaviour).Select(edge => Finding.Of(edge, pair.Module, "is more than a message: " + Wording.Of(context.Graph, edge)))
                .Concat(pair.Assembly.Types.SelectMany(type => Services(pair.Module, type)))))
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

    private static bool IsBehaviour(TypeName type)
    {
        var name = type.FullName;
        return Array.Exists(Infrastructure, space => name.StartsWith(space, StringComparison.Ordinal) && (name.Length == space.Length || name[space.Length] == '.'))
            || (name.StartsWith("MediatR.", StringComparison.Ordinal) && (name.Contains("Handler", StringComparison.Ordinal) || name is "MediatR.ISender" or "MediatR.IMediator" or "MediatR.IPublisher"));
    }

    private static IEnumerable<Finding> Services(Module module, TypeFacts type) =>
        from member in type.Members
        where member.Kind == MemberKind.Method && !member.Is(MemberFlags.Generated | MemberFlags.Override) && member.Visibility != Visibility.Private && !IsAccessor(member)
        let what = type.Kind == TypeKind.Interface && member.Is(MemberFlags.Abstract) && !member.Is(MemberFlags.Static) ? "is a service: what it does is for the module that has it"
            : member.Type is { } answer && Array.IndexOf(Waiting, answer.FullName) >= 0 ? "works asynchronously: that is no message" : null
        where what is not null
        select Finding.Of(type, member, module, what) with { Suggestion = $"Make {member.Name} a request of its own, which {module.Folder} handles and others send through ISender." };

    private static bool IsAccessor(MemberFacts member) => member.Name.Contains("get_", StringComparison.Ordinal) || member.Name.Contains("set_", StringComparison.Ordinal);
}
