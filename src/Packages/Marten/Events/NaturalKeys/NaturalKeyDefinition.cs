using System.Reflection;
using JasperFx.Core.Reflection;

namespace JasperFx.Events.Aggregation
{
    /// <summary>Marks the property of an aggregate by which its stream can be found beside its identity. No two streams have the same value.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    public class NaturalKeyAttribute : Attribute;

    /// <summary>
    /// Marks the method Create or Apply that gives an aggregate its natural key. The key must follow from the event alone: a property of
    /// the event has the type of the key, or else the name of its property, or the method sets it on an empty aggregate.
    /// </summary>
    [AttributeUsage(AttributeTargets.Method)]
    public class NaturalKeySourceAttribute : Attribute;
}

namespace JasperFx.Events
{
    /// <summary>How the natural key of an aggregate is read from events of one type.</summary>
    /// <param name="eventType">The type of the events.</param>
    /// <param name="extractor">Reads the key from the body of an event; null when the event gives none.</param>
    public class NaturalKeyEventMapping(Type eventType, Func<object, object?> extractor)
    {
        /// <summary>The type of the events.</summary>
        public Type EventType { get; } = eventType;

        /// <summary>Reads the key from the body of an event; null when the event gives none.</summary>
        public Func<object, object?> Extractor { get; } = extractor;
    }

    /// <summary>The natural key of an aggregate: a value beside its identity by which its stream is found.</summary>
    public class NaturalKeyDefinition
    {
        private readonly ValueTypeInfo? wrapper;

        /// <summary>Creates the definition for a property of an aggregate.</summary>
        public NaturalKeyDefinition(Type aggregateType, MemberInfo member)
        {
            AggregateType = aggregateType;
            Member = member;
            OuterType = Nullable.GetUnderlyingType(Marten.Schema.JsonLocators.TypeOf(member)) ?? Marten.Schema.JsonLocators.TypeOf(member);
            wrapper = ValueTypeInfo.TryFind(OuterType, out var found) ? found : null;
            InnerType = wrapper?.SimpleType ?? OuterType;
        }

        /// <summary>The aggregate.</summary>
        public Type AggregateType { get; }

        /// <summary>The property that holds the key.</summary>
        public MemberInfo Member { get; }

        /// <summary>The type of the key.</summary>
        public Type OuterType { get; }

        /// <summary>The type of the value: that of the key, or of what it wraps.</summary>
        public Type InnerType { get; }

        /// <summary>The events that give the key.</summary>
        public List<NaturalKeyEventMapping> EventMappings { get; } = [];

        /// <summary>What is wrong with marked methods, by the type of their events. A mapping of the same type makes up for it.</summary>
        internal List<(Type EventType, string Message)> Unreadable { get; } = [];

        /// <summary>The value of a key, as it is stored: a number or a text; null for no key.</summary>
        internal object? ValueOf(object? key)
        {
            var value = key is not null && wrapper is not null && wrapper.OuterType.IsInstanceOfType(key) ? wrapper.Unwrap(key) : key;
            return value switch
            {
                null or "" => null,
                0 or 0L => null,
                Guid guid => guid == Guid.Empty ? null : guid.ToString(),
                int or long or string => value,
                _ => throw new InvalidOperationException($"A natural key of {AggregateType.Name} is a {value.GetType().Name} instead of a {OuterType.Name}."),
            };
        }
    }

    /// <summary>Declares which events give an aggregate its natural key.</summary>
    /// <typeparam name="TDoc">The aggregate.</typeparam>
    /// <param name="definition">What is added to.</param>
    public class NaturalKeyBuilder<TDoc>(NaturalKeyDefinition definition)
    {
        /// <summary>Reads the key from events of a type; goes before what an attribute says about them.</summary>
        /// <param name="extractor">The key of an event; null when it gives none.</param>
        public NaturalKeyBuilder<TDoc> SetBy<TEvent>(Func<TEvent, object?> extractor)
        {
            definition.EventMappings.RemoveAll(m => m.EventType == typeof(TEvent));
            definition.EventMappings.Add(new NaturalKeyEventMapping(typeof(TEvent), body => extractor((TEvent)body)));
            return this;
        }
    }
}
