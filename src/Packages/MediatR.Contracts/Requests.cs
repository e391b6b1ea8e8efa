namespace MediatR;

/// <summary>Marks every kind of request that is answered once, with or without a value.</summary>
public interface IBaseRequest;

/// <summary>Marks a request that is answered without a value.</summary>
public interface IRequest : IBaseRequest;

/// <summary>Marks a request that is answered with one value.</summary>
/// <typeparam name="TResponse">The type of the answer.</typeparam>
public interface IRequest<out TResponse> : IBaseRequest;

/// <summary>Marks a request that is answered with a sequence of values, produced as the caller asks for them.</summary>
/// <typeparam name="TResponse">The type of one element of the answer.</typeparam>
public interface IStreamRequest<out TResponse>;

/// <summary>Marks a message that any number of handlers receive and none answers.</summary>
public interface INotification;
