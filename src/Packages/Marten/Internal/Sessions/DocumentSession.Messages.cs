using Marten.Events.Aggregation;

namespace Marten.Internal.Sessions;

internal partial class DocumentSession
{
    private IMessageBatch? messages;

    /// <summary>The messages of the unit of work, begun when they are first asked for.</summary>
    public async ValueTask<IMessageBatch> MessagesAsync()
    {
        if (parent is not null)
            return await parent.MessagesAsync();
        return messages ??= await Options.Events.MessageOutbox.CreateBatch(this);
    }

    /// <summary>The messages of the unit of work, if there are any, which the caller tells of the commit.</summary>
    public IMessageBatch? TakeMessages()
    {
        var taken = messages;
        messages = null;
        return taken;
    }
}
