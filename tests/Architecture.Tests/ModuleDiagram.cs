using System.Text;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Tests;

/// <summary>
/// What one module says to the others and hears from them, drawn from the compiled code: the requests that it makes, the events that it publishes or handles. A solid arrow is a
/// request and points to the module that answers; a dotted one is an event and points to the module that handles it.
/// </summary>
internal static class ModuleDiagram
{
    private const string Log = "log";

    /// <summary>The diagram in Mermaid's language, with line ends of one character.</summary>
    public static string Of(Codebase codebase, ModuleUnderTest module)
    {
        var edges = Requests(codebase).Concat(Events(codebase)).Where(edge => edge.From == module.Name || edge.To == module.Name)
            .GroupBy(edge => (edge.From, edge.To, edge.IsEvent))
            .OrderBy(group => group.Key.IsEvent).ThenBy(group => group.Key.From, StringComparer.Ordinal).ThenBy(group => group.Key.To, StringComparer.Ordinal);
        var text = new StringBuilder("```mermaid\nflowchart LR\n").Append("    ").Append(module.Name).Append("[[").Append(module.Folder).Append("]]\n");
        foreach (var group in edges)
        {
            var names = string.Join("<br/>", group.Select(edge => edge.Name).Distinct().Order(StringComparer.Ordinal));
            var (from, to) = (Node(group.Key.From), Node(group.Key.To));
            text.Append(group.Key.IsEvent ? $"    {from} -. \"{names}\" .-> {to}\n" : $"    {from} -- \"{names}\" --> {to}\n");
        }

        return text.Append("```").ToString();
    }

    private static string Node(string name) => name == Log ? "log[(log)]" : name;

    private static IEnumerable<Edge> Requests(Codebase codebase) =>
        from made in MadeBy(codebase, typeof(IBaseRequest))
        where made.Owner != made.Maker
        select new Edge(made.Maker.Name, made.Owner.Name, made.Type.Name, IsEvent: false);

    private static IEnumerable<Edge> Events(Codebase codebase)
    {
        var handlers = (from module in codebase.Modules
                        from type in module.Slice?.Types ?? []
                        from contract in type.GetInterfaces()
                        where contract.IsGenericType && (contract.GetGenericTypeDefinition() == typeof(IHandle<>) || contract.GetGenericTypeDefinition() == typeof(IHandleBatch<>))
                        select (Event: contract.GetGenericArguments()[0], Module: module.Name)).ToLookup(pair => pair.Event, pair => pair.Module);
        return from made in MadeBy(codebase, typeof(IIntegrationEvent))
               from to in handlers[made.Type].DefaultIfEmpty(Log)
               select new Edge(made.Maker.Name, to, made.Type.Name, IsEvent: true);
    }

    // Whoever makes an instance of a message sends it.
    private static IEnumerable<(ModuleUnderTest Maker, ModuleUnderTest Owner, Type Type)> MadeBy(Codebase codebase, Type kind)
    {
        var messages = (from owner in codebase.Modules
                        from type in owner.Contracts?.Types ?? []
                        where type.IsClass && type.IsAssignableTo(kind)
                        select (owner, type)).ToDictionary(pair => pair.type.FullName!, StringComparer.Ordinal);
        return (from maker in codebase.Modules
                from line in maker.Slice?.Code ?? []
                where line.Instruction.OpCode == OpCodes.Newobj
                let made = ((MethodReference)line.Instruction.Operand).DeclaringType.FullName
                where messages.ContainsKey(made)
                select (maker, messages[made].owner, messages[made].type)).Distinct();
    }

    private sealed record Edge(string From, string To, string Name, bool IsEvent);
}
