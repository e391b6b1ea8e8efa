namespace ModularMonolith.Architecture.Graph;

/// <summary>A request or an integration event that stands in a module's Contracts.</summary>
/// <param name="Owner">The module whose Contracts it stands in. An event may be told by others: what a module wants to be told, it declares.</param>
/// <param name="Type">Its type.</param>
/// <param name="Kind"><see cref="EdgeKind.Request"/> or <see cref="EdgeKind.Event"/>.</param>
/// <param name="StoredName">The name under which an event is stored; null for a request.</param>
/// <param name="Version">The version of an event's shape; 0 for a request.</param>
public sealed record Message(Module Owner, TypeFacts Type, EdgeKind Kind, string? StoredName, int Version)
{
    /// <summary>The type's simple name.</summary>
    public string Name => Type.Name.Name;

    /// <inheritdoc/>
    public bool Equals(Message? other) => other is not null && Type.Name.Equals(other.Type.Name);

    /// <inheritdoc/>
    public override int GetHashCode() => Type.Name.GetHashCode();
}

/// <summary>A place in a module's code that makes or handles a message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Module">The module.</param>
/// <param name="Type">The type.</param>
/// <param name="Member">The member that makes it; null for a handler.</param>
/// <param name="Subscription">The name under which an event's handler is kept, without the module's; else null.</param>
/// <param name="Span">Where.</param>
public sealed record Speaker(Message Message, Module Module, TypeFacts Type, MemberFacts? Member, string? Subscription, SourceSpan? Span);

/// <summary>One module speaks to another one, or to nobody in particular.</summary>
/// <param name="Kind">A request, an event, a call of an address, or a table.</param>
/// <param name="From">Who begins: makes the request, publishes the event, calls the address, names the table.</param>
/// <param name="To">Who answers or handles; null for an event that no module handles.</param>
/// <param name="Name">The message's simple name, the address or the table.</param>
/// <param name="Message">The message, where there is one.</param>
/// <param name="Span">Where it begins.</param>
public sealed record Conversation(EdgeKind Kind, Module From, Module? To, string Name, Message? Message, SourceSpan? Span);

/// <summary>
/// What modules say to each other, by the compiled code: whoever makes an instance of a request sends it, and whoever makes one of an event publishes it. A call to the API's own
/// address and another module's table in SQL belong here too, though neither is allowed.
/// </summary>
public sealed class Conversations
{
    private Conversations(IReadOnlyList<Message> messages, ILookup<Message, Speaker> senders, ILookup<Message, Speaker> handlers, IReadOnlyList<Conversation> all)
    {
        Messages = messages;
        Senders = senders;
        Handlers = handlers;
        All = all;
    }

    /// <summary>The requests and events of all Contracts, by the owner's name and then their own.</summary>
    public IReadOnlyList<Message> Messages { get; }

    /// <summary>Where each is made, in the order of the places.</summary>
    public ILookup<Message, Speaker> Senders { get; }

    /// <summary>Who handles each: the subscriptions of an event, the handler of a request.</summary>
    public ILookup<Message, Speaker> Handlers { get; }

    /// <summary>Who speaks to whom: one entry for each message, sending place and receiving module, what a module says to itself included.</summary>
    public IReadOnlyList<Conversation> All { get; }

    /// <summary>Who speaks to whom, once for each message and pair, without what a module says to itself.</summary>
    /// <returns>In the order of kinds, senders, receivers and names.</returns>
    public IEnumerable<Conversation> Between() => All.Where(static conversation => conversation.From != conversation.To)
        .DistinctBy(static conversation => (conversation.Kind, conversation.From.Folder, conversation.To?.Folder, conversation.Name))
        .OrderBy(static conversation => conversation.Kind).ThenBy(static conversation => conversation.From.Name, StringComparer.Ordinal)
        .ThenBy(static conversation => conversation.To?.Name, StringComparer.Ordinal).ThenBy(static conversation => conversation.Name, StringComparer.Ordinal);

    /// <summary>Listens to a code base.</summary>
    /// <param name="graph">The code.</param>
    /// <returns>What is said in it.</returns>
    public static Conversations Of(CodeGraph graph)
    {
        var messages = (from module in graph.Modules
                        from type in module.Contracts?.Types ?? []
                        where type.Kind is TypeKind.Class or TypeKind.Struct && !type.IsAbstract
                        let message = MessageOf(graph, module, type)
                        where message is not null
                        orderby module.Name, type.Name.Name
                        select message).ToList();
        var byType = messages.ToDictionary(static message => message.Type.Name);
        var senders = graph.Modules.SelectMany(module => SendersIn(module, byType)).ToLookup(static speaker => speaker.Message);
        var handlers = graph.Modules.SelectMany(module => HandlersIn(graph, module, byType)).ToLookup(static speaker => speaker.Message);
        return new Conversations(messages, senders, handlers, [.. messages.SelectMany(message => Said(message, senders, handlers)), .. CoupledData.Of(graph)]);
    }

    private static Message? MessageOf(CodeGraph graph, Module owner, TypeFacts type)
    {
        var name = type.Attribute(WellKnown.EventName);
        return graph.Is(type, WellKnown.Request) ? new Message(owner, type, EdgeKind.Request, null, 0)
            : graph.Is(type, WellKnown.IntegrationEvent)
                ? new Message(owner, type, EdgeKind.Event, name?.Arguments is [var stored, ..] ? stored : null, int.TryParse(name?["Version"], out var version) ? version : 1)
            : null;
    }

    private static IEnumerable<Conversation> Said(Message message, ILookup<Message, Speaker> senders, ILookup<Message, Speaker> handlers)
    {
        IEnumerable<Module?> receivers = message.Kind == EdgeKind.Request ? [message.Owner]
            : handlers[message].Select(static handler => handler.Module).Distinct().DefaultIfEmpty<Module?>(null).ToList();
        return from sender in senders[message]
               from receiver in receivers
               select new Conversation(message.Kind, sender.Module, receiver, message.Name, message, sender.Span);
    }

    // A constructor is called, or a generic method makes one: a serializer, a sender of T.
    private static IEnumerable<Speaker> SendersIn(Module module, Dictionary<TypeName, Message> messages) =>
        from type in module.Slice?.Types ?? []
        from member in type.Members
        from use in member.Uses
        where use.Kind == EdgeKind.Call
        from made in use.Creates ? use.MemberArguments.Append(use.Target) : use.MemberArguments
        where made.Assembly.Length > 0
        let message = messages.GetValueOrDefault(made)
        where message is not null && !IsAskedForByType(use)
        select new Speaker(message, module, type, member, null, use.Span ?? member.Place);

    // Registrations and lookups by type make nothing.
    private static bool IsAskedForByType(Use use) => !use.Creates && use.Member is not ("Send" or "Deserialize" or "CreateInstance");

    private static IEnumerable<Speaker> HandlersIn(CodeGraph graph, Module module, Dictionary<TypeName, Message> messages) =>
        from type in module.Slice?.Types ?? []
        where type is { Kind: TypeKind.Class, IsAbstract: false }
        from contract in graph.Ancestors(type)
        where contract is { Arguments.Count: > 0, FullName: WellKnown.Handle or WellKnown.HandleBatch or WellKnown.RequestHandler or WellKnown.PlainRequestHandler }
        let message = messages.GetValueOrDefault(contract.Arguments[0])
        where message is not null
        select new Speaker(message, module, type, null, type.Attribute(WellKnown.Subscription)?.Arguments is [var name, ..] ? name : null, type.Place);
}
