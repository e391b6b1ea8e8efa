namespace ModularMonolith.Architecture.Contracts;

/// <summary>A rule about differences.</summary>
/// <param name="Name">In words with hyphens.</param>
/// <param name="Impact">Whom it breaks.</param>
/// <param name="Sentences">What it means and what to do; <c>{before}</c> and <c>{after}</c> stand for the two sides.</param>
public sealed record DifferenceKind(string Name, ContractImpact Impact, string Sentences)
{
    /// <summary>Makes a difference of the kind.</summary>
    /// <param name="subject">The type or event.</param>
    /// <param name="place">The member; empty for the subject itself.</param>
    /// <param name="before">The side before.</param>
    /// <param name="after">The side after.</param>
    /// <returns>The difference.</returns>
    public ContractDifference Between(string subject, string place = "", string before = "", string after = "") =>
        new(Name, subject, place, Impact, Sentences.Replace("{before}", before, StringComparison.Ordinal).Replace("{after}", after, StringComparison.Ordinal));
}

/// <summary>All rules about differences: the classification as data.</summary>
public static class DifferenceKinds
{
    private const ContractImpact Nobody = ContractImpact.Compatible;
    private const ContractImpact Producers = ContractImpact.BreakingForProducers;
    private const ContractImpact Consumers = ContractImpact.BreakingForConsumers;

    private static readonly DifferenceKind[] OfTypes =
    [
        new("text-changed", Nobody, "The file says the same in another way."),
        new("type-added", Nobody, "The type is new."),
        new("type-removed", Consumers, "The type is gone, or has another name: code that names it does not compile. Keep it, and put the new one beside it until nobody uses the old one."),
        new("type-kind-changed", Consumers, "It was a {before} and is a {after}: it is made, copied and compared in another way. Add a type with another name beside it."),
        new("type-opened", Nobody, "It was '{before}' and is '{after}': everything that could be done with it still can."),
        new("type-closed", Consumers, "It was '{before}' and is '{after}': code that makes one, derives from it or gives it type arguments does not compile. Leave it as it was, or add another type beside it."),
        new("interface-added", Nobody, "It is {after} too."),
        new("interface-removed", Consumers, "It is no {before} any more: code that uses it as one does not compile. Keep the interface, or add another type beside it."),
        new("response-changed", Consumers, "The request was answered with {before} and is answered with {after}: who sends it reads something else. Add a request with another name for the new answer."),
        new("response-nullable", Consumers, "The answer was never null and may be now: who sends the request does not expect that. Go on answering, or add a request with another name."),
        new("response-not-nullable", Producers, "The answer could be null and must not be any more: whoever answers null, scripts of tests included, does not compile. Leave it as it was."),
        new("attribute-changed", Nobody, "The attribute was '{before}' and is '{after}': code goes on compiling. Read whether it means another behaviour."),
        new("event-name-changed", Nobody, "The attribute was '{before}' and is '{after}'. What that means for handlers and for the log is judged in the module's file of events."),
        new("upcaster-changed", Nobody, "It lifts old payloads and is called by the platform only. What can be read is judged in the module's file of events."),
        new("constant-changed", Consumers, "The constant was {before} and is {after}: compiled code and stored data keep the old value. Add a constant with another name."),
        new("member-added", Nobody, "The member is new."),
        new("interface-member-added", Producers, "The member is new, and whoever implements the interface does not compile without it. Give it a body, or add an interface beside it."),
        new("member-removed", Consumers, "The member is gone, or is called in another way: code that uses it does not compile. Keep it, and put the new one beside it."),
        new("member-changed", Consumers, "It was '{before}' and is '{after}': code that uses it does not compile or means something else. Keep it, and put the new one beside it."),
        new("value-removed", Consumers, "The value {before} is gone: code that names it does not compile, and stored values cannot be read. Keep it, and say that it is not used any more."),
        new("value-renumbered", Consumers, "The value was the number {before} and is {after}: code that was compiled before means another one. Give new values new numbers."),
    ];

    private static readonly DifferenceKind[] OfRequests =
    [
        new("request-member-added", Nobody, "It may be left out, so that who sends the request need not know of it."),
        new("request-member-required", Consumers, "{after} must be given now: who builds the request without it does not compile. Give it a default, or add a request with another name."),
        new("request-member-removed", Consumers, "{before} is gone: who builds the request with it does not compile. Keep it and ignore it, or add a request with another name."),
        new("request-member-renamed", Consumers, "It was named {before} and is named {after}: who names it does not compile. Keep the name, or add a request with another name."),
        new("request-member-retyped", Consumers, "It was of type {before} and is {after}: who builds the request gives the wrong type. Add an optional member beside it, or a request with another name."),
        new("request-member-nullable", Nobody, "It may be null now. Who sends the request is not touched; the handler has to deal with it."),
        new("request-member-not-nullable", Consumers, "It could be null and must not be any more: who sends null does not compile. Let the handler go on reading null."),
        new("request-default-added", Nobody, "It may be left out now."),
        new("request-default-changed", Consumers, "Left out, it meant {before} and means {after}: who leaves it out asks for something else without knowing. Add a member or a request with another name."),
        new("request-members-reordered", Consumers, "The order of the members was ({before}) and is ({after}): who builds the request by position gives the wrong ones. Put new members last."),
        new("request-value-added", Nobody, "The value {after} can be sent too."),
    ];

    private static readonly DifferenceKind[] OfAnswers =
    [
        new("answer-member-added", Nobody, "It may be left out by whoever makes the answer, and nobody reads it yet."),
        new("answer-member-required", Producers, "{after} must be given now: whoever makes the answer, scripts of tests included, does not compile without it. Give it a default."),
        new("answer-member-removed", Consumers, "{before} is gone: who reads it does not compile. Keep it until nobody does."),
        new("answer-member-renamed", Consumers, "It was named {before} and is named {after}: who reads it does not compile. Keep the name, or add a member beside it."),
        new("answer-member-retyped", Consumers, "It was of type {before} and is {after}: who reads it gets the wrong type. Add a member beside it."),
        new("answer-member-nullable", Consumers, "It was never null and may be now: who reads it does not expect that. Go on filling it, or add an optional member beside it."),
        new("answer-member-not-nullable", Producers, "It could be null and must not be any more: whoever makes the answer with null, scripts of tests included, does not compile. Leave it as it was."),
        new("answer-default-added", Nobody, "It may be left out by whoever makes the answer."),
        new("answer-default-changed", Producers, "Left out, it meant {before} and means {after}: whoever leaves it out says something else without knowing. Add a member with another name."),
        new("answer-members-reordered", Producers, "The order of the members was ({before}) and is ({after}): whoever makes the answer by position gives the wrong ones. Put new members last."),
        new("answer-value-added", Consumers, "The value {after} is new: who decides by the value (a switch, say) does not know it. Make sure that each of them has a way for unknown values, and record the decision."),
    ];

    private static readonly DifferenceKind[] OfEvents =
    [
        new("event-member-added", Nobody, "It may be left out by whoever publishes the event, and no handler reads it yet."),
        new("event-member-required", Producers, "{after} must be given now: whoever publishes the event does not compile without it. Give it a default, or raise the event's version."),
        new("event-member-removed", Consumers, "{before} is gone: handlers that read it do not compile. Keep it, or raise the event's version."),
        new("event-member-renamed", Consumers, "It was named {before} and is named {after}: handlers that read it do not compile. Keep the name, or raise the event's version."),
        new("event-member-retyped", Consumers, "It was of type {before} and is {after}: handlers get the wrong type. Add an optional member beside it, or raise the event's version."),
        new("event-member-nullable", Consumers, "It was never null and may be now: handlers do not expect that. Go on filling it, or raise the event's version."),
        new("event-member-not-nullable", Producers, "It could be null and must not be any more: whoever publishes null does not compile. Leave it as it was, or raise the event's version."),
        new("event-default-added", Nobody, "It may be left out by whoever publishes the event."),
        new("event-default-changed", Producers, "Left out, it meant {before} and means {after}: whoever leaves it out says something else without knowing. Add a member with another name."),
        new("event-members-reordered", Producers, "The order of the members was ({before}) and is ({after}): whoever makes the event by position gives the wrong ones. Put new members last."),
        new("event-value-added", Consumers, "The value {after} is new: handlers that decide by the value (a switch, say) do not know it. Make sure that each of them has a way for unknown values, and record the decision."),
    ];

    private static readonly DifferenceKind[] OfPayloads =
    [
        new("payload-added", Nobody, "The event is new."),
        new("payload-removed", Consumers, "No event has this stored name any more: what the log holds of it cannot be handled. Keep the class with its [EventName] until the log holds none."),
        new("payload-renamed", Consumers, "Its stored name was {before} and is {after}: what the log holds under the old name cannot be read, and subscriptions miss it. Keep the name; the class may be renamed."),
        new("payload-key-changed", Consumers, "Its key was {before} and is {after}: events that came one after the other may now overtake each other. Publish an event with another name."),
        new("payload-version-lowered", Consumers, "It was version {before} and is {after}: what the log holds of the higher one cannot be read. Put the version back."),
        new("payload-version-raised", Nobody, "It was version {before} and is {after}; an upcaster lifts each version before, and their payloads are kept."),
        new("payload-version-unreadable", Consumers, "It was version {before} and is {after}, and {missing}: what the log holds cannot be read. Write an IEventUpcaster for each version between, and keep the payload of each."),
        new("payload-upcaster-removed", Consumers, "Nothing lifts version {before} any more: what the log holds of it cannot be read. Put the upcaster back."),
        new("payload-upcaster-added", Nobody, "Version {after} can be lifted now."),
        new("payload-member-added", Nobody, "It may be missing, so that payloads of before can be read."),
        new("payload-member-required", Consumers, "It must be there now, and payloads that are stored already do not have it: they would be read with an empty value. Give it a default, or raise the version with an upcaster."),
        new("payload-member-removed", Consumers, "It is gone: handlers that read it get nothing. Keep it, or raise the version with an upcaster."),
        new("payload-member-renamed", Consumers, "It was written as {before} and is written as {after}: stored payloads and other processes have the old name. Keep the name, or raise the version with an upcaster."),
        new("payload-member-retyped", Consumers, "It was written as {before} and is written as {after}: stored payloads cannot be read. Add an optional member beside it, or raise the version with an upcaster."),
        new("payload-member-widened", Consumers, "It was written as {before} and is written as {after}: what is stored can be read, and handlers of the version before cannot read larger values. Add an optional member beside it, or raise the version with an upcaster."),
        new("payload-member-nullable", Consumers, "It was never null and may be now: handlers that were written before do not expect that. Go on filling it, or raise the version with an upcaster."),
        new("payload-member-not-nullable", Consumers, "It could be null and must not be any more: stored payloads may have null in it. Leave it as it was, or raise the version with an upcaster."),
        new("payload-default-added", Nobody, "It may be missing now."),
        new("payload-default-changed", Consumers, "Missing, it meant {before} and means {after}: stored payloads without it are read as something else. Leave the default, or raise the version with an upcaster."),
        new("payload-value-added", Consumers, "The value {after} is new: handlers that decide by the value (a switch, say), and processes of the version before, do not know it. Make sure that they have a way for it, and record the decision; or raise the version."),
        new("payload-value-removed", Consumers, "The value {before} is gone, and stored payloads that have it cannot be read. Keep it, or raise the version with an upcaster."),
    ];

    private static readonly DifferenceKind[] OfStoredEvents =
    [
        new("stored-added", Nobody, "The event is new."),
        new("stored-removed", Producers, "No event has this stored name any more: streams that hold one cannot be read. Keep it, or say in retired.txt beside its payloads why no stream holds one."),
        new("stored-retired", Nobody, "No event has this stored name any more, and retired.txt says why no stream holds one."),
        new("stored-renamed", Producers, "Its stored name was {before} and is {after}: streams that hold the old one cannot be read. Keep the name; the class may be renamed."),
        new("stored-member-added", Nobody, "It may be missing, so that streams of before can be read."),
        new("stored-member-required", Producers, "It must be there now, and events that are stored already do not have it: they would be read with an empty value. Give it a default, or store a new event under another name."),
        new("stored-member-removed", Producers, "It is gone: what streams hold in it is not read any more. Keep it, or store a new event under another name."),
        new("stored-member-renamed", Producers, "It was written as {before} and is written as {after}: streams have the old name. Keep the name in a [JsonPropertyName], or store a new event under another name."),
        new("stored-member-retyped", Producers, "It was written as {before} and is written as {after}: streams cannot be read. Add an optional member beside it, or store a new event under another name."),
        new("stored-member-widened", Nobody, "It was written as {before} and is written as {after}; what is stored stays readable."),
        new("stored-member-nullable", Nobody, "It may be null now; what is stored stays readable."),
        new("stored-member-not-nullable", Producers, "It could be null and must not be any more: streams may hold null. Leave it as it was, or store a new event under another name."),
        new("stored-default-added", Nobody, "It may be missing now."),
        new("stored-default-changed", Producers, "Missing, it meant {before} and means {after}: stored events without it are read as something else. Leave the default, or store a new event under another name."),
        new("stored-value-added", Nobody, "The value {after} is new; what is stored stays readable."),
        new("stored-value-removed", Producers, "The value {before} is gone, and stored events that have it cannot be read. Keep it, and say that it is not used any more."),
    ];

    private static readonly Dictionary<string, DifferenceKind> ByName = OfTypes.Concat(OfRequests).Concat(OfAnswers).Concat(OfEvents).Concat(OfPayloads).Concat(OfStoredEvents)
        .ToDictionary(static kind => kind.Name, StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<DifferenceKind> All => ByName.Values;

    /// <summary>Finds one.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public static DifferenceKind Of(string name) => ByName[name];
}
