namespace JasperFx.Events
{
    /// <summary>Writes the bodies of events in a binary form of its own. One instance serves all sessions of a store at once.</summary>
    public interface IEventBinarySerializer
    {
        /// <summary>The bytes of a body.</summary>
        byte[] Serialize(Type type, object data);

        /// <summary>The body of a type from its bytes.</summary>
        object Deserialize(Type type, byte[] data);
    }
}

namespace Marten.Events
{
    /// <inheritdoc />
    public interface IEventBinarySerializer : JasperFx.Events.IEventBinarySerializer;

    /// <summary>Marks an event type whose bodies are stored by the store's <see cref="IEventStoreOptions.DefaultBinarySerializer"/>, unless it has a serializer of its own.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
    public sealed class BinaryEventAttribute : Attribute;
}
