import {
  type CanActivate,
  type DynamicModule,
  Module,
  type NestModule,
  type Type,
  UseFilters,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import { MetadataScanner, RouterModule } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import { TerminusModule } from '@nestjs/terminus';
import { API_CONTROLLERS, API_PROVIDERS } from '../api.module';
import { AuthGuard } from '../auth/auth.guard';
import { hostGuard, type OwnerOf } from '../auth/host.guard';
import { DtoPipe } from '../validation/dto.pipe';
import { MountedProblemFilter } from './mounted-problem.filter';
import { MOUNTED, MountedRoutes } from './mounted-routes';

export interface MountedApiOptions {
  /** Before `/v1` and `/health`, after the application's own global prefix. */
  prefix: string;
  /** Whose a request is, where the application knows that; instead of API keys. */
  owner?: OwnerOf;
}

/**
 * The API as a part of somebody else's Nest application on Fastify. Guard, pipe, filter, body limit and checks hold
 * for these controllers only, so the host's routes do not notice; the host's own global enhancers hold for these, too.
 */
@Module({})
export class MountedApiModule implements NestModule {
  constructor(private readonly routes: MountedRoutes) {}

  /** The one hook that Nest calls when the adapter is there and the routes are not. */
  configure(): void {
    this.routes.prepare();
  }

  static forRoot({ prefix, owner }: MountedApiOptions): DynamicModule {
    const guard = owner ? hostGuard(owner) : AuthGuard;
    return {
      module: MountedApiModule,
      imports: [
        TerminusModule.forRoot({ logger: false }),
        RouterModule.register([{ path: prefix, module: MountedApiModule }]),
      ],
      controllers: API_CONTROLLERS.map((controller) => mounted(controller, guard)),
      providers: [...API_PROVIDERS, MountedRoutes],
    };
  }
}

/** The controller with its enhancers on itself, as a class of its own: `createApi` has them on the application. */
function mounted(controller: Type, guard: Type<CanActivate>): Type {
  class Mounted extends controller {}
  Object.defineProperty(Mounted, 'name', { value: controller.name });
  UseGuards(guard)(Mounted);
  UsePipes(new DtoPipe())(Mounted);
  UseFilters(MountedProblemFilter)(Mounted);
  const prototype = controller.prototype as Record<string, object>;
  for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
    RouteConfig(MOUNTED)(prototype, name, { value: prototype[name] });
  }
  return Mounted;
}
