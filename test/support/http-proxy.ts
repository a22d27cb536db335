import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface HttpProxy {
  /** The link that leads through it. */
  link: string;
  /** Every `host:port` that a tunnel was asked to, with the credentials that came along. */
  asked: { target: string; authorization: string | undefined }[];
}

/** An HTTP proxy (CONNECT) on loopback; with `credentials` (`user:password`) it wants them. */
export async function httpProxy(credentials?: string): Promise<HttpProxy> {
  const asked: HttpProxy['asked'] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket, head) => {
    const authorization = request.headers['proxy-authorization'];
    const target = request.url ?? '';
    asked.push({ target, authorization });
    socket.on('error', () => socket.destroy());
    if (credentials !== undefined && authorization !== `Basic ${Buffer.from(credentials).toString('base64')}`) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [, host = '', port] = /^(.+):(\d+)$/.exec(target) ?? [];
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    onTestFinished(() => void onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const user = credentials === undefined ? '' : `${credentials.split(':').map(encodeURIComponent).join(':')}@`;
  return { link: `http://${user}127.0.0.1:${port}`, asked };
}
