// MediatR: requests and notifications.
namespace MediatR;

public interface IBaseRequest
{
}

public interface IRequest : IBaseRequest
{
}

public interface IRequest<out TResponse> : IBaseRequest
{
}

public interface IStreamRequest<out TResponse>
{
}

public interface INotification
{
}

public readonly struct Unit
{
    public static readonly Unit Value = default;
}
